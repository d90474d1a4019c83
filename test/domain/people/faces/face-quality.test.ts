import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FaceShot,
  QUALITY_BARS,
  QUALITY_FAULTS,
  qualityFaults,
} from '#domain/people/faces/face-quality.ts';

const GOOD_SHOT: FaceShot = {
  widthPx: 200,
  heightPx: 250,
  confidence: 99.9,
  sharpness: 80,
  brightness: 60,
  yaw: 0,
  pitch: 0,
};

const anyShot: fc.Arbitrary<FaceShot> = fc.record({
  widthPx: fc.integer({ min: 0, max: 500 }),
  heightPx: fc.integer({ min: 0, max: 500 }),
  confidence: fc.integer({ min: 0, max: 100 }),
  sharpness: fc.integer({ min: 0, max: 100 }),
  brightness: fc.integer({ min: 0, max: 100 }),
  yaw: fc.integer({ min: -90, max: 90 }),
  pitch: fc.integer({ min: -90, max: 90 }),
});

describe('the quality gate', () => {
  it('accepts a good shot', () => {
    expect(qualityFaults('match', GOOD_SHOT)).toEqual([]);
    expect(qualityFaults('enrolment', GOOD_SHOT)).toEqual([]);
  });

  it.each([
    ['hardly a face', { confidence: 70 }],
    ['too small', { widthPx: 31 }],
    ['blurred', { sharpness: 2 }],
    ['too dark', { brightness: 4 }],
    ['too bright', { brightness: 99.5 }],
    ['turned away', { yaw: -61 }],
    ['looking up or down', { pitch: 46 }],
  ] as const)('reports the one fault: %s', (reason, wrong) => {
    expect(qualityFaults('match', { ...GOOD_SHOT, ...wrong })).toEqual([reason]);
  });

  it('accepts a face of 32 pixels for a match, and none below 60 for enrolment', () => {
    expect(qualityFaults('match', { ...GOOD_SHOT, widthPx: 32 })).toEqual([]);
    expect(qualityFaults('enrolment', { ...GOOD_SHOT, widthPx: 59 })).toEqual(['too small']);
  });

  it('is stricter for enrolment than for a match', () => {
    fc.assert(
      fc.property(anyShot, (shot) => {
        const enrolment = new Set(qualityFaults('enrolment', shot));
        return qualityFaults('match', shot).every((reason) => enrolment.has(reason));
      }),
    );
  });

  it('never reports more faults for a better picture', () => {
    fc.assert(
      fc.property(anyShot, fc.constantFrom<'match' | 'enrolment'>('match', 'enrolment'), (shot, purpose) => {
        const better = {
          ...shot,
          widthPx: shot.widthPx + 50,
          sharpness: 100,
          confidence: 100,
          yaw: 0,
          pitch: 0,
        };
        const before = new Set(qualityFaults(purpose, shot));
        return qualityFaults(purpose, better).every((reason) => before.has(reason));
      }),
    );
    expect(QUALITY_FAULTS).toHaveLength(Object.keys(QUALITY_BARS.match).length);
  });
});
