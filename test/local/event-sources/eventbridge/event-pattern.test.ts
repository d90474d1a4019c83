import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '#local/event-sources/eventbridge/event-pattern.ts';

const matches = (pattern: unknown, event: unknown) => compilePattern(pattern)(event);

/** As Amazon Location publishes it. */
const ENTER = {
  version: '0',
  id: 'aa11bb22-3333-4444-5555-example66666',
  'detail-type': 'Location Geofence Event',
  source: 'aws.geo',
  account: '000000000000',
  time: '2026-11-22T10:03:12Z',
  region: 'us-east-1',
  resources: [
    'arn:aws:geo:us-east-1:000000000000:geofence-collection/stores',
    'arn:aws:geo:us-east-1:000000000000:tracker/phones',
  ],
  detail: {
    EventType: 'ENTER',
    GeofenceId: 'sz01',
    DeviceId: 'd-1',
    SampleTime: '2026-11-22T10:03:11.500Z',
    Position: [113.94, 22.52],
    Accuracy: { Horizontal: 12.5 },
    PositionProperties: {},
  },
};

describe('an event pattern', () => {
  it('matches the geofence entry it describes and no other event', () => {
    const pattern = {
      source: ['aws.geo'],
      'detail-type': ['Location Geofence Event'],
      resources: ['arn:aws:geo:us-east-1:000000000000:geofence-collection/stores'],
      detail: { EventType: ['ENTER'] },
    };
    expect(matches(pattern, ENTER)).toBe(true);
    expect(matches({ ...pattern, detail: { EventType: ['EXIT'] } }, ENTER)).toBe(false);
    expect(matches({ ...pattern, resources: ['arn:elsewhere'] }, ENTER)).toBe(false);
    expect(matches(pattern, { ...ENTER, source: 'aws.s3' })).toBe(false);
  });

  it('matches one of several values on either side', () => {
    expect(matches({ detail: { EventType: ['EXIT', 'ENTER'] } }, ENTER)).toBe(true);
    expect(matches({ detail: { Position: [22.52] } }, ENTER)).toBe(true);
    expect(matches({ detail: { Position: [1, 2] } }, ENTER)).toBe(false);
  });

  it('matches only where all its fields do', () => {
    expect(matches({ source: ['aws.geo'], region: ['eu-west-1'] }, ENTER)).toBe(false);
    expect(matches({ source: ['aws.geo'], region: ['us-east-1'] }, ENTER)).toBe(true);
  });

  it('compares values with their type, and null only with null', () => {
    expect(matches({ a: ['1'] }, { a: 1 })).toBe(false);
    expect(matches({ a: [null] }, { a: null })).toBe(true);
    expect(matches({ a: [null] }, {})).toBe(false);
    expect(matches({ a: { b: [null] } }, { a: null })).toBe(false);
  });

  it('matches the fields of one object of an array, and not of two', () => {
    const pattern = { lines: { product: ['A'], quantity: [2] } };
    const line = (product: string, quantity: number) => ({ product, quantity });
    expect(matches(pattern, { lines: [line('B', 1), line('A', 2)] })).toBe(true);
    expect(matches(pattern, { lines: [line('A', 1), line('B', 2)] })).toBe(false);
  });

  it.each<[unknown, string]>([
    [[], 'must be an object'],
    [{}, 'the pattern: an empty object'],
    [{ a: {} }, 'a: an empty object'],
    [{ a: [] }, 'a: expected a list with at least one value'],
    [{ a: 'x' }, 'a: expected a list'],
    [{ a: [['x']] }, 'a: a list inside a list'],
    [{ a: { b: [{ prefix: 'x' }] } }, 'a.b: the operator prefix is not supported locally'],
    [{ a: ['x', { exists: false }] }, 'a: the operator exists is not supported locally'],
    [{ a: { $or: [{ b: [1] }, { c: [2] }] } }, 'a.$or: the operator $or is not supported locally'],
  ])('%j is rejected by name', (pattern, why) => {
    expect(() => compilePattern(pattern)).toThrow(why);
  });

  it('matches no value that is not an event, and throws on none', () => {
    const pattern = compilePattern({ x: { y: ['a', null] } });
    fc.assert(fc.property(fc.anything(), (event) => typeof pattern(event) === 'boolean'));
    expect(pattern(undefined)).toBe(false);
    expect(pattern([{ x: { y: 'a' } }])).toBe(false);
  });

  it('matches an array exactly where it matches one of its values', () => {
    const scalar = fc.oneof(fc.constantFrom('a', 'b', null, true), fc.integer({ min: -2, max: 2 }));
    const lists = fc.array(scalar, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(lists, fc.array(scalar, { maxLength: 5 }), (list, values) => {
        expect(matches({ field: list }, { field: values })).toBe(
          values.some((value) => matches({ field: list }, { field: value })),
        );
      }),
    );
  });
});
