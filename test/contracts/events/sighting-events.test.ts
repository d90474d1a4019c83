import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventName } from '#contracts/events/envelope.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { PASSAGE_RECORDED, passageRecorded } from '#contracts/events/passage-recorded.ts';
import { SIGHTING_RECORDED, sightingOf, sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { VISITORS_MERGED, visitorsMerged } from '#contracts/events/visitor-merged.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly time: string;
}

/** The examples of a file, as texts and parsed. */
function examplesOf(file: string) {
  const wires: Envelope[] = JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'));
  return wires.map((wire) => {
    const parsed = parseEvent(Buffer.from(JSON.stringify(wire)));
    if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
    return { wire, event: parsed.event };
  });
}

describe('a round trip', () => {
  it('keeps a sighting', () => {
    for (const { wire, event } of examplesOf('sighting.recorded.3.json')) {
      if (event.type !== SIGHTING_RECORDED) throw new Error(event.type);
      expect(sightingRecorded(sightingOf(event.data), wire.id, wire.source)).toEqual(wire);
    }
  });

  it('gives a track of version 1 the store and the business day of its event (V1)', () => {
    const [first, second] = examplesOf('sighting.recorded.1.json').map(({ event }) =>
      event.type === SIGHTING_RECORDED ? sightingOf(event.data) : undefined,
    );
    expect(first).toMatchObject({ visitorId: 'track.sz01:2026-11-22:ceiling-1:a1', isStaff: true });
    expect(second).not.toHaveProperty('visitorId');
  });

  it('keeps a count at a door', () => {
    for (const { wire, event } of examplesOf('passage.recorded.1.json')) {
      if (event.type !== PASSAGE_RECORDED) throw new Error(event.type);
      const { store, sensor, businessDay, startedAt, endedAtMs, entered, left } = event.data;
      const passage = {
        storeId: store,
        sensorId: sensor,
        day: businessDay,
        startedAt,
        endedAtMs,
        entered,
        left,
      };
      expect(passageRecorded(passage, wire.source)).toEqual(wire);
    }
  });

  it('keeps a merge of visitors', () => {
    for (const { wire, event } of examplesOf('visitor.merged.1.json')) {
      if (event.type !== VISITORS_MERGED) throw new Error(event.type);
      const { store, businessDay, visitor, into } = event.data;
      expect(visitorsMerged(store, businessDay, visitor, into, wire.time, wire.source)).toEqual(wire);
    }
  });

  it('gives no other parts the same id', () => {
    expect(eventName('a/b', 'c')).not.toBe(eventName('a', 'b/c'));
    expect(eventName('a', 1)).toBe('a/1');
  });
});
