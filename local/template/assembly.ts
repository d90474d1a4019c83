/**
 * Reads a CDK cloud assembly: the directory that `cdk synth` writes, with one CloudFormation template per
 * stack and a manifest that lists them. A CDK stage nests an assembly of its own, so manifests are read
 * recursively. The result is every resource of every stack, unresolved.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** One resource of a template; its properties may contain intrinsic functions. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: unknown;
  /** The resource exists only where this condition of its stack is true. */
  readonly condition?: string;
}

/** One stack of the assembly. */
export interface StackTemplate {
  readonly name: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Parameter name → its default. */
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly mappings: unknown;
  /** Export name → the unresolved value, for `Fn::ImportValue` in another stack. */
  readonly exports: readonly { readonly name: unknown; readonly value: unknown }[];
  /** Key of a file asset in the bootstrap bucket, without its extension → absolute path of its folder. */
  readonly assets: ReadonlyMap<string, string>;
}

const Manifest = v.object({
  artifacts: v.record(
    v.string(),
    v.object({
      type: v.string(),
      properties: v.optional(
        v.object({
          templateFile: v.optional(v.string()),
          stackName: v.optional(v.string()),
          directoryName: v.optional(v.string()),
        }),
      ),
    }),
  ),
});

const Template = v.object({
  Resources: v.optional(
    v.record(
      v.string(),
      v.object({
        Type: v.string(),
        Properties: v.optional(v.unknown(), {}),
        Condition: v.optional(v.string()),
      }),
    ),
    {},
  ),
  Parameters: v.optional(v.record(v.string(), v.object({ Default: v.optional(v.unknown()) })), {}),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Mappings: v.optional(v.unknown(), {}),
  Outputs: v.optional(
    v.record(
      v.string(),
      v.object({ Value: v.unknown(), Export: v.optional(v.object({ Name: v.unknown() })) }),
    ),
    {},
  ),
});

const Assets = v.object({
  files: v.optional(
    v.record(v.string(), v.object({ source: v.object({ path: v.optional(v.string()) }) })),
    {},
  ),
});

/**
 * Returns every stack of the assembly in `dir` and of the assemblies nested in it; throws where a file is
 * malformed.
 */
export function readStacks(dir: string): StackTemplate[] {
  const manifest = v.parse(Manifest, readJson(join(dir, 'manifest.json')));
  return Object.entries(manifest.artifacts).flatMap(([id, artifact]) => {
    const { templateFile, stackName, directoryName } = artifact.properties ?? {};
    if (artifact.type === 'cdk:cloud-assembly' && directoryName) return readStacks(join(dir, directoryName));
    if (artifact.type !== 'aws:cloudformation:stack' || !templateFile) return [];
    return [readStack(dir, stackName ?? id, templateFile)];
  });
}

function readStack(dir: string, name: string, templateFile: string): StackTemplate {
  const template = v.parse(Template, readJson(join(dir, templateFile)));
  const resources = Object.entries(template.Resources).map(
    ([logicalId, { Type, Properties, Condition }]): [string, Resource] => [
      logicalId,
      {
        stack: name,
        logicalId,
        type: Type,
        properties: Properties,
        ...(Condition !== undefined && { condition: Condition }),
      },
    ],
  );
  return {
    name,
    resources: new Map(resources),
    parameters: new Map(Object.entries(template.Parameters).map(([id, { Default }]) => [id, Default])),
    conditions: new Map(Object.entries(template.Conditions)),
    mappings: template.Mappings,
    exports: Object.values(template.Outputs).flatMap(({ Value, Export }) =>
      Export ? [{ name: Export.Name, value: Value }] : [],
    ),
    assets: readAssets(dir, templateFile.replace(/\.template\.json$/, '.assets.json')),
  };
}

function readAssets(dir: string, assetsFile: string): Map<string, string> {
  const { files } = v.parse(Assets, readJson(join(dir, assetsFile)));
  return new Map(
    Object.entries(files).flatMap(([hash, { source }]) =>
      source.path ? [[hash, join(dir, source.path)]] : [],
    ),
  );
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
