/**
 * Scans visitor days in which a visit may have ended, publishes the visits that have, and publishes again what a crash left
 * unsent.
 *
 * No sensor reports that a visitor has left; a visit is over when a quarter of an hour has passed without a sighting. By
 * then all sensors have reported, the presence of staff included, so this is also where assistance by staff is decided.
 */
import { DUE_SHARDS } from '#application/ports/visit-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { VisitPorts } from '#application/visits/settle-visits.ts';
import { type VisitService, visitService } from '#application/visits/visit-service.ts';
import type { VisitorDayKey } from '#domain/place/visits/visitor-day.ts';

export interface CloseVisitsPorts extends VisitPorts {
  /** Whether another batch may begin; the rest is still due a minute later. */
  readonly isTimeLeft: () => boolean;
}

export interface ClosedVisits {
  /** Visitor days. */
  readonly scanned: number;
  /** Published visit revisions. */
  readonly revisions: number;
  /** Parts of evidence that were stored under an id since merged into another. */
  readonly moved: number;
  /** One per visitor day, or batch of them, that failed; they are still due. */
  readonly failures: readonly unknown[];
}

/** Visitor days that are settled and published together. */
const BATCH_MAX = 50;
/** Visitor days of one shard in one run: a morning's import takes some minutes and holds up no other shard. */
const DAYS_PER_SHARD_MAX = 5_000;
const DAYS_AT_ONCE_MAX = 4;

interface Totals {
  scanned: number;
  revisions: number;
  moved: number;
  readonly failures: unknown[];
}

/** Closes the visits that are over in all visitor days that are due. */
export async function closeVisits(ports: CloseVisitsPorts): Promise<ClosedVisits> {
  const totals: Totals = { scanned: 0, revisions: 0, moved: 0, failures: [] };
  const visits = visitService(ports);
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
  await mapConcurrent(shards, DUE_SHARDS, (shard) => closeShard(ports, visits, shard, totals));
  return totals;
}

async function closeShard(
  ports: CloseVisitsPorts,
  visits: VisitService,
  shard: number,
  totals: Totals,
): Promise<void> {
  let batch: VisitorDayKey[] = [];
  let scanned = 0;
  for await (const key of ports.visits.due(shard, ports.nowMs())) {
    batch.push(key);
    if (batch.length < BATCH_MAX) continue;
    await closeBatch(visits, batch, totals);
    scanned += batch.length;
    batch = [];
    if (scanned >= DAYS_PER_SHARD_MAX || !ports.isTimeLeft()) return;
  }
  await closeBatch(visits, batch, totals);
}

async function closeBatch(
  visits: VisitService,
  keys: readonly VisitorDayKey[],
  totals: Totals,
): Promise<void> {
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      totals.failures.push(error);
      return undefined;
    }
  };
  const closed = await mapConcurrent(keys, DAYS_AT_ONCE_MAX, (key) => guarded(() => visits.close(key)));
  // Shards count into the same totals, so nothing may be awaited between reading one and writing it.
  const revisions = await guarded(() => visits.publish(closed.flatMap((one) => one?.visitorDays ?? [])));
  totals.scanned += keys.length;
  totals.revisions += revisions ?? 0;
  for (const one of closed) totals.moved += one?.moved ?? 0;
}
