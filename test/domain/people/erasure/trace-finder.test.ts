import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeIdentifiers, type TraceKind } from '#domain/people/erasure/personal-identifiers.ts';
import { type AnyRow, createTraceFinder } from '#domain/people/erasure/trace-finder.ts';

const ANN = mergeIdentifiers({
  person: ['p.0000000000000000000000000a'],
  phone: ['+8613800138000'],
  member: ['17', 'VIP-80011'],
  device: ['ph-1'],
  key: ['k1k1k1k1k1k1'],
  endpoint: ['arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/6d2c'],
  token: ['AAAA_BBBB-CCCC_DDDD-EE'],
  user: ['m.17', 'm.VIP-80011', 'm.:e4:bc:9a'],
  visitor: ['user.m.17'],
  face: ['5f0c2a00-0000-4000-8000-000000000001'],
});
const traces = createTraceFinder(ANN);
const found = (row: AnyRow): TraceKind[] => [...traces(row)].sort();
const inText = (text: string) => found({ note: text });

describe('a trace of a customer', () => {
  it.each<[string, AnyRow, TraceKind[]]>([
    ['in an attribute', { personId: ANN.person[0] }, ['person']],
    ['in a key', { pk: `PUSHES#${ANN.person[0]}`, sk: 'PUSHES' }, ['person']],
    ['in a key of an index', { gsi1sk: `PHONE#ph-1#PHONE` }, ['device']],
    ['in the name of an attribute', { [`${ANN.token[0]}`]: 1n }, ['token']],
    ['in JSON text', { data: JSON.stringify({ data: [{ phone: '+8613800138000' }] }) }, ['phone']],
    [
      'in the name of a field of JSON',
      { data: JSON.stringify({ a: { 'user.m.17': 1 } }) },
      ['user', 'visitor'],
    ],
    ['in JSON within JSON', { a: JSON.stringify({ b: JSON.stringify([{ memberNo: '17' }]) }) }, ['member']],
    ['escaped in JSON', { data: '{"phone":"\\u002b8613800138\\u0030\\u00300"}' }, ['phone']],
    ['in bytes', { bytes: Buffer.from(`{"id":"x","user":"m.VIP-80011"}`) }, ['user', 'member']],
    ['in bytes that are cut off', { bytes: Buffer.from('{"data":{"memberNo":"17","lin') }, ['member']],
    ['in a field that stands twice', { bytes: Buffer.from('{"memberNo":"17","memberNo":"18"}') }, ['member']],
    ['in a set', { faceIds: new Set(['x', ANN.face[0]]) }, ['face']],
    ['in a list within a map', { links: [{ endpointArn: ANN.endpoint[0] }] }, ['endpoint']],
    ['as a number where it belongs', { phone: 13800138000n, member: 17 }, ['member', 'phone']],
    ['as a link', { pk: 'PERSON#p.x', sk: 'LINK#member#17' }, ['member']],
    ['as a pointer of a phone', { pk: 'IDENT#phone#+8613800138000', sk: 'IDENT' }, ['phone']],
    ['with escapes of addresses', { id: 'sz01/user.m.%3Ae4%3Abc%3A9a/1' }, ['user']],
  ])('is found %s', (_, row, kinds) => {
    expect(found(row)).toEqual([...kinds].sort());
  });

  it.each([
    'call +86 138-0013-8000 after six',
    'call +86 138 - 0013 - 8000 after six',
    'tel:008613800138000',
    '13800138000',
    'VIP-80011, the one with the dog',
    '(VIP-80011)',
    'enrolment:m.17',
    'x/user.m.17/3',
    'autumn~sz01~p.0000000000000000000000000a~1795312980000',
  ])('is found in a text: %s', (text) => {
    expect(inText(text)).not.toEqual([]);
  });

  it.each([
    '17 of them',
    'at 17:00',
    'form 17',
    '113800138000',
    '138001380001',
    'VIP-800112',
    'XVIP-80011',
    'VIP-80011-2',
    'team.17',
    'm.171',
    'm.17-2',
    'm.17:20x',
    'ph-12',
    'k1k1k1k1k1k12',
  ])('is not found in similar texts: %s', (text) => {
    expect(inText(text)).toEqual([]);
  });

  it('is not found in fields with another meaning', () => {
    const receipt = {
      till: '17',
      receiptNo: '13800138000',
      cashier: 'VIP-80011',
      memberNo: '18',
      closedAt: '2026-11-22T17:17:17+08:00',
      lines: [{ product: '17', quantity: 17, unitPrice: '17', name: 'Radio VIP-80011' }],
    };
    const row = { pk: 'STORE#17#DAY#2026-11-22', sk: 'RECEIPT#17#13800138000', seq: '17' };
    expect(found({ ...row, data: JSON.stringify(receipt) })).toEqual([]);
    const event = {
      id: '17/17/2026-11-22/13800138000',
      source: '/stores/17/devices/VIP-80011',
      data: receipt,
    };
    expect(found({ pk: 'LETTER', sk: '17', bytes: Buffer.from(JSON.stringify(event)) })).toEqual([]);
    expect(found({ pk: 'KEY#k', sk: 'KEY', keyId: 'VIP-80011', deviceId: 'VIP-80011' })).toEqual([]);
    expect(found({ ...row, data: JSON.stringify({ ...receipt, memberNo: '17' }) })).toEqual(['member']);
    expect(found({ ...row, data: JSON.stringify({ ...receipt, phone: '+8613800138000' }) })).toEqual([
      'phone',
    ]);
  });

  it('is found at any place in any row', () => {
    const sure = (['person', 'key', 'endpoint', 'token', 'face'] as const).flatMap((kind) =>
      ANN[kind].map((text) => [kind, text] as const),
    );
    const field = fc.constantFrom('data', 'note', 'reason', 'name', 'till');
    const wrap = fc.constantFrom<(text: string) => unknown>(
      (text) => text,
      (text) => `before ${text} after`,
      (text) => JSON.stringify({ a: [text] }),
      (text) => Buffer.from(`\u0000${text}`),
      (text) => new Set([text]),
      (text) => ({ deep: { deeper: [text] } }),
    );
    const rest = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue());
    fc.assert(
      fc.property(rest, field, wrap, fc.constantFrom(...sure), (row, name, wrapped, [kind, text]) => {
        expect(found(row)).toEqual([]);
        expect(found({ ...row, [name]: wrapped(text) })).toEqual([kind]);
      }),
    );
  });
});
