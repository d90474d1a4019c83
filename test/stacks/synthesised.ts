/**
 * One stage of Aisle as templates, made in memory's time: nothing is bundled and nothing is copied. The tests of the
 * stacks read what CloudFormation would be given, never the constructs behind it.
 */
import { Template } from 'aws-cdk-lib/assertions';
import { type Aisle, declareAisle } from '#lib/app.ts';
import { placeholderAssets } from '#lib/assets.ts';

/** Assets stay where they are: the CDK's own uploader alone is 20 MB. */
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

export function declared(stage: string): Aisle {
  return declareAisle({ stage, assets: placeholderAssets, context: NOTHING_COPIED, checked: false });
}

export function synthesised(stage: string): Synthesised {
  const aisle = declared(stage);
  const assembly = aisle.app.synth();
  const template = (subject: Subject) =>
    Template.fromJSON(assembly.getStackByName(`${stage}-Aisle-${subject}`).template);
  const templates = Object.fromEntries(SUBJECTS.map((subject) => [subject, template(subject)]));
  return { aisle, templates: templates as Record<Subject, Template> };
}

/** Every resource of a type in a template, by its logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The logical ids a value points at, where one statement may speak of several. */
export function pointsAtAll(values: unknown): string[] {
  return [values].flat().map(pointsAt);
}

/** The logical id a value points at, in its own stack or, through an export, in another. */
export function pointsAt(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value as Record<string, string>;
  const { 'Fn::Join': joined } = value as { 'Fn::Join'?: [string, [unknown, ...string[]]] };
  if (joined !== undefined) return pointsAt(joined[1][0]) + joined[1].slice(1).join(joined[0]);
  if (Ref !== undefined) return Ref;
  if (attribute !== undefined) return attribute[0] ?? '';
  const exported = /^[^:]*:ExportsOutput(?:Ref|FnGetAtt)(\w+)$/.exec(imported ?? '')?.[1];
  if (exported === undefined) throw new Error(`points nowhere we know: ${JSON.stringify(value)}`);
  return exported.replace(/[0-9A-F]{8}$/, '').replace(/Arn$/, '');
}
