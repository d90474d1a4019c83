// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders have this form.
import { describe, expect, it } from 'vitest';
import { resolve, type Scope } from '#local/template/intrinsics.ts';

const scope: Scope = {
  stack: 'Test',
  ref: (id) => `ref-${id}`,
  attribute: (id, name) => `${id}.${name}`,
  importValue: (name) => `imported ${name}`,
  condition: (name) => ({ 'Fn::Equals': [name, 'Yes'] }),
  mapping: (...path) => path.join('/'),
};

describe('an intrinsic function', () => {
  it.each([
    ['Ref', { Ref: 'Cells' }, 'ref-Cells'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Cells', 'Arn'] }, 'Cells.Arn'],
    ['Fn::GetAtt, dotted', { 'Fn::GetAtt': 'Cells.Arn' }, 'Cells.Arn'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, 'a-ref-B'],
    ['Fn::Sub', { 'Fn::Sub': 'at ${Cells} ${Cells.Arn} ${!Kept}' }, 'at ref-Cells Cells.Arn ${Kept}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Name}!', { Name: { Ref: 'X' } }] }, 'ref-X!'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'Data:Cells' }, 'imported Data:Cells'],
    ['Fn::If with a true condition', { 'Fn::If': ['Yes', 1, 2] }, 1],
    ['Fn::If with a false condition', { 'Fn::If': ['No', 1, 2] }, 2],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['a', 'b', 'c'] }, 'a/b/c'],
  ])('resolves: %s', (_, value, resolved) => {
    expect(resolve(value, scope)).toEqual(resolved);
  });

  it('omits a property with the value AWS::NoValue', () => {
    expect(resolve({ kept: 1, gone: { Ref: 'AWS::NoValue' } }, scope)).toEqual({ kept: 1 });
  });

  it('is rejected by name when it is not supported', () => {
    expect(() => resolve({ 'Fn::Cidr': [] }, scope)).toThrow(/Fn::Cidr/);
  });
});
