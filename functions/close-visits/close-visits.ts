/**
 * Each minute: looks at stays in which a visit may have ended, tells the log of those that have, and sends again what a
 * crash left unsent.
 *
 * Nobody reports that somebody has left; a visit is over when a quarter of an hour has passed without a sighting. By then
 * all sensors have told of it, the staff's whereabouts among it, so this is also where it is found out who was helped.
 */
import { DUE_SHARDS, type StoredVisitorDay } from '#application/ports/visit-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { recheckGroups } from '#application/visits/recheck-groups.ts';
import { moveToCanonical } from '#application/visits/resolve-aliases.ts';
import {
  publishAll,
  RECHECK_AFTER_MS,
  type SettleVisitsPorts,
  settleVisits,
} from '#application/visits/settle-visits.ts';
import { type StoreDayContext, storeDayContext } from '#application/visits/visit-context.ts';
import { isAssisted, visitsOf } from '#domain/place/visits/visit.ts';
import type { VisitorDayKey } from '#domain/place/visits/visitor-day.ts';

export interface CloseVisitsPorts extends SettleVisitsPorts {
  /** Whether more may be begun; what is left is still due a minute later. */
  readonly isTimeLeft: () => boolean;
}

export interface ClosedVisits {
  /** Stays that were looked at. */
  readonly looked: number;
  readonly tellings: number;
  /** Evidence found under a name that its visitor no longer goes by. */
  readonly moved: number;
  /** One per stay, or batch of stays, that failed; they are still due. */
  readonly failures: readonly unknown[];
}

/** Looked at together and told of together. */
const BATCH_MAX = 50;
/** Of one shard in one run: a morning's import is worked off in some minutes and holds up nobody. */
const LOOKS_PER_SHARD_MAX = 5_000;
const LOOKS_AT_ONCE_MAX = 4;

interface Totals {
  looked: number;
  tellings: number;
  moved: number;
  readonly failures: unknown[];
}

export async function closeVisits(ports: CloseVisitsPorts): Promise<ClosedVisits> {
  const totals: Totals = { looked: 0, tellings: 0, moved: 0, failures: [] };
  const facts = storeDayContext(ports.visits, ports.aliases);
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
  await mapConcurrent(shards, DUE_SHARDS, (shard) => closeShard(ports, facts, shard, totals));
  return totals;
}

async function closeShard(
  ports: CloseVisitsPorts,
  facts: StoreDayContext,
  shard: number,
  totals: Totals,
): Promise<void> {
  let batch: VisitorDayKey[] = [];
  let looked = 0;
  for await (const key of ports.visits.due(shard, ports.nowMs())) {
    batch.push(key);
    if (batch.length < BATCH_MAX) continue;
    await closeBatch(ports, facts, batch, totals);
    looked += batch.length;
    batch = [];
    if (looked >= LOOKS_PER_SHARD_MAX || !ports.isTimeLeft()) return;
  }
  await closeBatch(ports, facts, batch, totals);
}

async function closeBatch(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
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
  const stays = await mapConcurrent(keys, LOOKS_AT_ONCE_MAX, (key) =>
    guarded(() => closeStay(ports, facts, key, totals)),
  );
  // Shards count into the same totals, so nothing may be awaited between reading one and writing it.
  const told = await guarded(() =>
    publishAll(
      ports,
      stays.flat().filter((one) => one !== undefined),
    ),
  );
  totals.looked += keys.length;
  totals.tellings += told ?? 0;
}

/** Closes what has ended in one stay; returns all stays that may have something to tell. */
async function closeStay(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  key: VisitorDayKey,
  totals: Totals,
): Promise<StoredVisitorDay[]> {
  // A sighting that was under way while its visitor became another one has come to the wrong stay.
  const moved = await moveToCanonical(ports, facts, key);
  totals.moved += moved;
  const loaded = await ports.visits.load(key);
  const followers = loaded === undefined ? [] : await recheckGroups(ports, facts, loaded);
  const settled = await settleVisits(ports, facts, key, { closes: true });
  if (settled.kind === 'unstorable') throw new Error(settled.reason);
  const { stored } = settled;
  const { recheckAtMs } = stored;
  if (recheckAtMs === undefined || ports.nowMs() < recheckAtMs + RECHECK_AFTER_MS)
    return [...followers, stored];
  const shoppers = await recheck(ports, key);
  const staff = await settleVisits(ports, facts, key, { closes: true, recheckedAtMs: recheckAtMs });
  return [...followers, ...shoppers, staff.kind === 'settled' ? staff.stored : stored];
}

/** Looks at the closed visits of a store's day again, since staff prove to have been elsewhere than was thought. */
async function recheck(
  ports: SettleVisitsPorts,
  { storeId, day }: VisitorDayKey,
): Promise<StoredVisitorDay[]> {
  // What this run knows of the staff may be older than what is to be rechecked.
  const facts = storeDayContext(ports.visits, ports.aliases);
  const staff = await facts.staffOf(storeId, day);
  const changed: StoredVisitorDay[] = [];
  for await (const { visitorDay, published } of ports.visits.ofDay(storeId, day)) {
    const isWrong = visitsOf(visitorDay).some((visit) => {
      const known = published.find(
        ({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs,
      );
      return known?.isClosed === true && known.isAssisted !== isAssisted(visit, staff);
    });
    if (!isWrong) continue;
    const settled = await settleVisits(ports, facts, visitorDay, { closes: true, isRecheck: true });
    if (settled.kind === 'settled') changed.push(settled.stored);
  }
  return changed;
}
