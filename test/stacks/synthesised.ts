/**
 * The templates of one stage, without bundling or copying. Tests of the stacks read what CloudFormation would receive,
 * never the constructs behind it.
 */
import { Template } from 'aws-cdk-lib/assertions';
import { type Aisle, declareAisle } from '#lib/app.ts';
import { placeholderAssets } from '#lib/assets.ts';

/** Context that leaves assets in place: the CDK's own uploader alone has 20 MB. */
export const NOTHING_COPIED = { 'aws:cdk:disable-asset-staging': true };

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Synthesised {
  readonly aisle: Aisle;
  readonly templates: Readonly<Record<Subject, Template>>;
}

export const SUBJECTS = ['Data', 'Ingest', 'Figures', 'Vision', 'Engagement', 'Web', 'Monitoring'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Declares a stage with placeholder assets. */
export function declared(stage: string): Aisle {
  return declareAisle({ stage, assets: placeholderAssets, context: NOTHING_COPIED, checked: false });
}

const stages = new Map<string, Synthesised>();

/** Returns the templates of a stage, which test files of one process share: they read them only. */
export function synthesised(stage: string): Synthesised {
  const known = stages.get(stage) ?? synthesise(stage);
  stages.set(stage, known);
  return known;
}

function synthesise(stage: string): Synthesised {
  const aisle = declared(stage);
  const assembly = aisle.app.synth();
  const template = (subject: Subject) =>
    Template.fromJSON(assembly.getStackByName(`${stage}-Aisle-${subject}`).template);
  const templates = Object.fromEntries(SUBJECTS.map((subject) => [subject, template(subject)]));
  return { aisle, templates: templates as Record<Subject, Template> };
}

/** Returns the resources of a type in a template, by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as Record<string, Resource>;
}

/** Returns the logical ids that the values of a statement refer to. */
export function pointsAtAll(values: unknown): string[] {
  return [values].flat().map(pointsAt);
}

/**
 * Returns the logical id that a value refers to, in its own stack or, through an export, in another.
 *
 * @throws for a value that is no reference
 */
export function pointsAt(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value as Record<string, string>;
  const { 'Fn::Join': joined } = value as { 'Fn::Join'?: [string, [unknown, ...string[]]] };
  if (joined !== undefined) return pointsAt(joined[1][0]) + joined[1].slice(1).join(joined[0]);
  if (Ref !== undefined) return Ref;
  if (attribute !== undefined) return attribute[0] ?? '';
  const exported = /^[^:]*:ExportsOutput(?:Ref|FnGetAtt)(\w+)$/.exec(imported ?? '')?.[1];
  if (exported === undefined) throw new Error(`not a known reference: ${JSON.stringify(value)}`);
  return exported.replace(/[0-9A-F]{8}$/, '').replace(/Arn$/, '');
}
