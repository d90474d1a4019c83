/**
 * Where a shopper's phone was, to the tracker. Who it is follows from the credential it showed; what it may be used for,
 * from what its owner last said. A position that may not be used is not kept anywhere, not even for this moment.
 */
import * as v from 'valibot';
import type { RefusedPosition, SampledPosition } from '#application/ports/device-tracker.ts';
import { PositionInput, type PositionsResponse } from '#contracts/http/phones.ts';
import { fieldErrorsOf, type Problem, problem } from '#contracts/http/problems.ts';
import { ENTRY_AHEAD_MS_MAX } from '#domain/campaigns/push-decision.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { gcj02ToWgs84 } from '#domain/place/geo/gcj02.ts';

export interface IngestPositionsPorts {
  readonly tracker: { update(positions: readonly SampledPosition[]): Promise<readonly RefusedPosition[]> };
  /** Whether whoever the phone is bound to agrees, now, to its position being used; undefined where it is bound to nobody. */
  readonly mayLocate: (deviceId: DeviceId) => Promise<boolean | undefined>;
  readonly nowMs: () => number;
}

export type IngestedPositions =
  | { readonly kind: 'taken'; readonly answer: PositionsResponse; readonly isBusy: boolean }
  | { readonly kind: 'unbound' }
  | { readonly kind: 'no consent' };

/** A phone indoors believes itself to be within fifty metres; beyond this it does not know which street it is in. */
export const ACCURACY_M_MAX = 100;

interface Settled {
  readonly position?: Omit<SampledPosition, 'deviceId'>;
  readonly problem?: Problem;
}

function settle(body: unknown, index: number, nowMs: number): Settled {
  const parsed = v.safeParse(PositionInput, body);
  if (!parsed.success) {
    const faults = fieldErrorsOf(parsed.issues, ['positions', index]);
    return { problem: problem(400, 'invalid-position', 'The position is not valid.', faults) };
  }
  const { lat, lng, accuracyM, at, datum } = parsed.output;
  if (accuracyM !== undefined && accuracyM > ACCURACY_M_MAX) {
    const detail = `accuracyM must be at most ${ACCURACY_M_MAX}.`;
    return { problem: problem(422, 'too-inaccurate', detail) };
  }
  if (at - nowMs > ENTRY_AHEAD_MS_MAX)
    return { problem: problem(422, 'timestamp-in-future', 'The clock of the phone is ahead.') };
  const point = datum === 'GCJ-02' ? gcj02ToWgs84({ lng, lat }) : { lng, lat };
  return { position: { ...point, sampledAtMs: at, ...(accuracyM !== undefined && { accuracyM }) } };
}

const BUSY = problem(429, 'tracker-throttled', 'The tracker is throttled; send the position again.');

/** Takes 1 … 100 positions of one phone, in the order in which it was there. */
export async function ingestPositions(
  { tracker, mayLocate, nowMs }: IngestPositionsPorts,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<IngestedPositions> {
  const isAgreed = await mayLocate(deviceId);
  if (isAgreed === undefined) return { kind: 'unbound' };
  if (!isAgreed) return { kind: 'no consent' };
  const settled = bodies.map((body, index) => settle(body, index, nowMs()));
  const inOrder = settled
    .flatMap(({ position }, index) => (position === undefined ? [] : [{ index, position }]))
    .sort((a, b) => a.position.sampledAtMs - b.position.sampledAtMs);
  const refusals = await tracker.update(inOrder.map(({ position }) => ({ ...position, deviceId })));
  const problems = new Map<number, Problem>();
  for (const [index, { problem: fault }] of settled.entries())
    if (fault !== undefined) problems.set(index, fault);
  for (const refusal of refusals) {
    const place = inOrder[refusal.index]?.index;
    if (place === undefined) throw new Error('the tracker refused a position that it was not given');
    problems.set(
      place,
      refusal.isFinal ? problem(422, 'position-rejected', 'The tracker rejects the position.') : BUSY,
    );
  }
  const refused = [...problems]
    .sort(([a], [b]) => a - b)
    .map(([index, fault]) => ({ index, problem: fault }));
  return {
    kind: 'taken',
    answer: { accepted: bodies.length - refused.length, refused },
    isBusy: refused.some(({ problem: { status } }) => status === BUSY.status),
  };
}
