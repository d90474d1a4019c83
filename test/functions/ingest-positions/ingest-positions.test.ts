import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RefusedPosition, SampledPosition } from '#application/ports/device-tracker.ts';
import { ENTRY_AHEAD_MS_MAX } from '#domain/campaigns/push-decision.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { wgs84ToGcj02 } from '#domain/place/geo/gcj02.ts';
import { distanceM } from '#domain/place/geo/geofence.ts';
import {
  ACCURACY_M_MAX,
  type IngestPositionsPorts,
  ingestPositions,
} from '#functions/ingest-positions/ingest-positions.ts';

const NOW = Date.UTC(2026, 10, 22, 2);
const PHONE = 'ph-1' as DeviceId;
const SPOT = { lng: 113.935, lat: 22.517 };
const at = (ms: number): string => new Date(ms).toISOString();

function world(refused: readonly RefusedPosition[] = [], agreed: 'yes' | 'no' | 'not linked' = 'yes') {
  const updates: SampledPosition[][] = [];
  const ports: IngestPositionsPorts = {
    tracker: {
      async update(positions) {
        updates.push([...positions]);
        return refused;
      },
    },
    mayLocate: async () => (agreed === 'not linked' ? undefined : agreed === 'yes'),
    nowMs: () => NOW,
  };
  return { updates, ingest: (...bodies: readonly unknown[]) => ingestPositions(ports, PHONE, bodies) };
}

describe('positions of a phone', () => {
  it('are sent to the tracker in the order of their times, under the id of the credential', async () => {
    const { updates, ingest } = world();
    const ingested = await ingest(
      { ...SPOT, at: at(NOW - 1_000), accuracyM: 12 },
      { ...SPOT, at: at(NOW - 9_000) },
      { ...SPOT, at: '2026-11-22T09:59:55+08:00' },
    );
    expect(ingested).toEqual({
      kind: 'ingested',
      response: { accepted: 3, refused: [] },
      isThrottled: false,
    });
    expect(updates).toEqual([
      [
        { ...SPOT, deviceId: PHONE, sampledAtMs: NOW - 9_000 },
        { ...SPOT, deviceId: PHONE, sampledAtMs: NOW - 5_000 },
        { ...SPOT, deviceId: PHONE, sampledAtMs: NOW - 1_000, accuracyM: 12 },
      ],
    ]);
  });

  it('are discarded where the owner has not consented, or the phone has no owner', async () => {
    for (const [agreed, kind] of [
      ['no', 'no consent'],
      ['not linked', 'not linked'],
    ] as const) {
      const { updates, ingest } = world([], agreed);
      expect(await ingest({ ...SPOT, at: at(NOW) })).toEqual({ kind });
      expect(updates).toEqual([]);
    }
  });

  it('are rejected one by one, each with its error', async () => {
    const { updates, ingest } = world();
    const ingested = await ingest(
      { ...SPOT, at: at(NOW), device: 'ph-2' },
      { lng: 181, lat: -91, at: 'yesterday' },
      'here',
      { ...SPOT, at: at(NOW), accuracyM: ACCURACY_M_MAX + 1 },
      { ...SPOT, at: at(NOW + ENTRY_AHEAD_MS_MAX + 1) },
      { ...SPOT, at: at(NOW + ENTRY_AHEAD_MS_MAX), accuracyM: ACCURACY_M_MAX },
    );
    if (ingested.kind !== 'ingested') throw new Error(ingested.kind);
    expect(ingested.response.accepted).toBe(1);
    expect(
      ingested.response.refused.map(({ index, problem: { type, status } }) => [index, type, status]),
    ).toEqual([
      [0, 'urn:aisle:problem:invalid-position', 400],
      [1, 'urn:aisle:problem:invalid-position', 400],
      [2, 'urn:aisle:problem:invalid-position', 400],
      [3, 'urn:aisle:problem:too-inaccurate', 422],
      [4, 'urn:aisle:problem:timestamp-in-future', 422],
    ]);
    expect(ingested.response.refused[1]?.problem.errors?.map(({ pointer }) => pointer)).toEqual([
      '#/positions/1/lat',
      '#/positions/1/lng',
      '#/positions/1/at',
    ]);
    expect(updates[0]).toHaveLength(1);
  });

  it('are reported under their index when the tracker rejects them, and whether a retry may help', async () => {
    const { ingest } = world([
      { index: 0, isFinal: false, reason: 'Throttling' },
      { index: 1, isFinal: true, reason: 'Validation' },
    ] as RefusedPosition[]);
    const ingested = await ingest(
      { ...SPOT, at: at(NOW) },
      { ...SPOT, at: 'no' },
      { ...SPOT, at: at(NOW - 5) },
    );
    if (ingested.kind !== 'ingested') throw new Error(ingested.kind);
    expect(ingested.isThrottled).toBe(true);
    expect(ingested.response.refused.map(({ index, problem: { status } }) => [index, status])).toEqual([
      [0, 422],
      [1, 400],
      [2, 429],
    ]);
  });

  it('are converted from GCJ-02 to WGS-84', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 75, max: 130, noNaN: true }),
        fc.double({ min: 20, max: 50, noNaN: true }),
        async (lng, lat) => {
          const { updates, ingest } = world();
          await ingest({ ...wgs84ToGcj02({ lng, lat }), at: at(NOW), datum: 'GCJ-02' });
          const [position] = updates[0] ?? [];
          expect(distanceM({ lng, lat }, position ?? { lng: 0, lat: 0 })).toBeLessThan(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are each accepted or rejected once, whatever the input', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.jsonValue(), fc.record({ lat: fc.double(), lng: fc.double(), at: fc.string() })),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        async (bodies) => {
          const { updates, ingest } = world();
          const ingested = await ingest(...bodies);
          if (ingested.kind !== 'ingested') throw new Error(ingested.kind);
          expect(ingested.response.accepted + ingested.response.refused.length).toBe(bodies.length);
          expect(updates.flat()).toHaveLength(ingested.response.accepted);
        },
      ),
    );
  });
});
