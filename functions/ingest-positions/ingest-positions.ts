/**
 * Sends a phone's positions to the tracker. The customer follows from the phone's credential, the permission from their
 * latest consent. A position without consent is not stored anywhere.
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
  /** Returns whether the phone's owner currently consents to the use of its location; undefined where it has no owner. */
  readonly mayLocate: (deviceId: DeviceId) => Promise<boolean | undefined>;
  readonly nowMs: () => number;
}

export type IngestedPositions =
  | { readonly kind: 'ingested'; readonly response: PositionsResponse; readonly isThrottled: boolean }
  | { readonly kind: 'not linked' }
  | { readonly kind: 'no consent' };

/** A phone indoors reports an accuracy of about 50 m; beyond this it may be in another street. */
export const ACCURACY_M_MAX = 100;

interface PreparedPosition {
  readonly position?: Omit<SampledPosition, 'deviceId'>;
  readonly problem?: Problem;
}

function prepare(body: unknown, index: number, nowMs: number): PreparedPosition {
  const parsed = v.safeParse(PositionInput, body);
  if (!parsed.success) {
    const errors = fieldErrorsOf(parsed.issues, ['positions', index]);
    return { problem: problem(400, 'invalid-position', 'The position is not valid.', errors) };
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

const THROTTLED = problem(429, 'tracker-throttled', 'The tracker is throttled; send the position again.');

/** Sends 1 … 100 positions of one phone to the tracker, in the order of their times. */
export async function ingestPositions(
  { tracker, mayLocate, nowMs }: IngestPositionsPorts,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<IngestedPositions> {
  const mayUse = await mayLocate(deviceId);
  if (mayUse === undefined) return { kind: 'not linked' };
  if (!mayUse) return { kind: 'no consent' };
  const prepared = bodies.map((body, index) => prepare(body, index, nowMs()));
  const inOrder = prepared
    .flatMap(({ position }, index) => (position === undefined ? [] : [{ index, position }]))
    .sort((a, b) => a.position.sampledAtMs - b.position.sampledAtMs);
  const rejections = await tracker.update(inOrder.map(({ position }) => ({ ...position, deviceId })));
  const problems = new Map<number, Problem>();
  for (const [index, { problem: found }] of prepared.entries())
    if (found !== undefined) problems.set(index, found);
  for (const { index: position, isFinal } of rejections) {
    const index = inOrder[position]?.index;
    if (index === undefined) throw new Error('the tracker rejected a position that it was not sent');
    problems.set(
      index,
      isFinal ? problem(422, 'position-rejected', 'The tracker rejects the position.') : THROTTLED,
    );
  }
  const refused = [...problems]
    .sort(([a], [b]) => a - b)
    .map(([index, found]) => ({ index, problem: found }));
  return {
    kind: 'ingested',
    response: { accepted: bodies.length - refused.length, refused },
    isThrottled: refused.some(({ problem: { status } }) => status === THROTTLED.status),
  };
}
