/**
 * Writes a visitor day and publishes its visits, for every function that changes one (the outbox pattern).
 *
 * A row and the log cannot be written atomically. So the next revision is decided and stored in the row, in the same write
 * as the evidence it follows from; then it is appended to the log; then the row records that it was. After a crash in
 * between, the next function sends the same revision again, and consumers count it once under its number.
 */

import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import {
  closesAtMs,
  isClosed,
  staffPresenceOf,
  summaryOf,
  type Visit,
  type VisitSummary,
  visitsOf,
} from '#domain/place/visits/visit.ts';
import { VISIT_GAP_MS_MAX } from '#domain/place/visits/visit-gap.ts';
import {
  isPublished,
  nextRevision,
  unpublished,
  type VisitRevision,
} from '#domain/place/visits/visit-revision.ts';
import {
  emptyVisitorDay,
  equalParts,
  equalUntil,
  type VisitorDay,
  type VisitorDayKey,
} from '#domain/place/visits/visitor-day.ts';
import { append, type RetryClock } from '../ingestion/append.ts';
import type { AliasStore } from '../ports/alias-store.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredVisitorDay, VisitStore } from '../ports/visit-store.ts';
import { mapConcurrent } from '../support/concurrency.ts';
import { defined } from '../support/defined.ts';
import type { StoreDayContext } from './visit-context.ts';

export interface VisitPorts {
  readonly visits: VisitStore;
  readonly aliases: AliasStore;
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export interface SettleOptions {
  readonly change?: (visitorDay: VisitorDay) => VisitorDay;
  /**
   * Whether ended visits are published. The function that adds sightings leaves that to the one that closes visits, within
   * a minute: by then an import has delivered the sightings of staff, too.
   */
  readonly closes: boolean;
  /** Whether the published revision of ended visits may be wrong although their own evidence is unchanged. */
  readonly isRecheck?: boolean;
  /** A completed recheck, by the instant at which it was requested. */
  readonly recheckedAtMs?: number;
}

export type SettleOutcome =
  | { readonly kind: 'settled'; readonly stored: StoredVisitorDay; readonly isWritten: boolean }
  /** The row would be too large; it is left unchanged. */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** A visitor day has few writers: the store's consumer, the scheduled closing, and a merge in another store. */
const TRIES_MAX = 6;

export const DAYS_AT_ONCE_MAX = 16;

/** A sent revision is marked within a second; after this long its sender is presumed to have crashed. */
const PENDING_GRACE_MS = 30_000;

/** Staff are read from an index, which is consistent within about a second. */
export const RECHECK_AFTER_MS = 10_000;

/**
 * Changes one visitor day and decides its next revision, which is pending until it is published.
 *
 * @throws Error if the row is still contended after the last attempt, or if the log rejects an earlier pending revision
 */
export async function settleVisits(
  ports: VisitPorts,
  context: StoreDayContext,
  key: VisitorDayKey,
  settlement: SettleOptions,
): Promise<SettleOutcome> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const loaded = (await ports.visits.load(key)) ?? newVisitorDay(key);
    // The row holds one pending revision, so an earlier one is sent before it can be replaced.
    if (loaded.pending !== undefined) await send(ports, [loaded.pending]);
    const visitorDay = settlement.change?.(loaded.visitorDay) ?? loaded.visitorDay;
    const next = await decide(ports, context, loaded, visitorDay, settlement);
    if (isSame(loaded, next)) return { kind: 'settled', stored: loaded, isWritten: false };
    const outcome = await ports.visits.save(next, ports.nowMs());
    if (outcome.kind === 'unstorable') return outcome;
    if (outcome.kind === 'saved')
      return { kind: 'settled', stored: { ...next, version: outcome.version }, isWritten: true };
  }
  throw new Error(
    `visitor day of ${key.visitorId} in ${key.storeId} is still contended after ${TRIES_MAX} attempts`,
  );
}

/** Publishes the pending revisions of these visitor days and marks them as sent; returns how many there were. */
export async function publishAll(
  ports: VisitPorts,
  visitorDays: readonly StoredVisitorDay[],
): Promise<number> {
  const pending = visitorDays.flatMap((stored) => stored.pending ?? []);
  await send(ports, pending);
  const open = visitorDays.filter((stored) => stored.pending !== undefined);
  await mapConcurrent(open, DAYS_AT_ONCE_MAX, (stored) => {
    const published = afterPublishing(stored);
    const nowMs = ports.nowMs();
    // A conflict is fine: the other writer found the revision pending and has sent it, too.
    return ports.visits.save(withDue(published, dueOf(published, nowMs)), nowMs);
  });
  return pending.length;
}

async function send(ports: VisitPorts, revisions: readonly VisitRevision[]): Promise<void> {
  const entries = revisions.map((revision) => ({
    key: revision.storeId,
    bytes: new TextEncoder().encode(JSON.stringify(visitRevisionEvent(revision))),
  }));
  const outcomes = await append(ports.log, entries, ports.pauses);
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) throw new Error(`the log rejected a visit revision: ${refused.reason}`);
}

const newVisitorDay = (key: VisitorDayKey): StoredVisitorDay => ({
  visitorDay: emptyVisitorDay(key),
  published: [],
  revision: 0,
  version: 0,
});

/** Returns the visitor day after its pending revision has been sent; it is no longer due for that. */
function afterPublishing(stored: StoredVisitorDay): StoredVisitorDay {
  const { pending, dueAtMs: _, ...rest } = stored;
  return pending === undefined ? stored : { ...rest, published: pending.after };
}

function isSame(loaded: StoredVisitorDay, next: StoredVisitorDay): boolean {
  return (
    loaded.pending === undefined &&
    next.pending === undefined &&
    loaded.dueAtMs === next.dueAtMs &&
    loaded.recheckAtMs === next.recheckAtMs &&
    equalParts(loaded.visitorDay, next.visitorDay)
  );
}

async function decide(
  ports: VisitPorts,
  context: StoreDayContext,
  loaded: StoredVisitorDay,
  visitorDay: VisitorDay,
  { closes, isRecheck = false, recheckedAtMs }: SettleOptions,
): Promise<StoredVisitorDay> {
  const nowMs = ports.nowMs();
  const { recheckAtMs: requestedAtMs, ...sent } = afterPublishing(loaded);
  const recheckAtMs = areStaffElsewhere(loaded.visitorDay, visitorDay, nowMs)
    ? nowMs
    : requestedAtMs === recheckedAtMs
      ? undefined
      : requestedAtMs;
  const next: StoredVisitorDay = {
    ...sent,
    visitorDay,
    ...defined({ recheckAtMs }),
  };

  const visits = visitsOf(visitorDay);
  const draft = draftOf(visits, sent.published, nowMs);
  const isNews = closes
    ? isRecheck || !isPublished(sent.published, draft)
    : unpublished(sent.published, draft).some((visit) => !visit.isClosed);
  const pending = isNews
    ? nextRevision(visitorDay, sent, await context.summaries(visitorDay, visits, nowMs))
    : undefined;
  if (pending === undefined) return withDue(next, dueOf(next, nowMs));
  return {
    ...next,
    revision: pending.revision,
    pending,
    dueAtMs: nowMs + PENDING_GRACE_MS,
  };
}

/** Returns the visits as of now from the visitor day alone; context is copied from the last published revision. */
const draftOf = (
  visits: readonly Visit[],
  published: readonly VisitSummary[],
  nowMs: number,
): VisitSummary[] =>
  visits.map((visit) => {
    const known = published.find(({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs);
    return summaryOf(visit, {
      isClosed: isClosed(visit, nowMs),
      isAssisted: known?.isAssisted ?? false,
      frequency: known?.frequency ?? 'unknown',
      groupRole: known?.groupRole,
    });
  });

/**
 * Returns when a visitor day without a pending revision must be checked again; undefined if never. An earlier time that is
 * already set is kept: otherwise an open visit would be postponed with every sighting, each time with a write to the
 * index. So an open visit is checked once in a quarter of an hour, and postponed then.
 */
function dueOf(
  { visitorDay, published, recheckAtMs, dueAtMs }: StoredVisitorDay,
  nowMs: number,
): number | undefined {
  const visits = visitsOf(visitorDay);
  const instants = visits.filter((visit) => !isClosed(visit, nowMs)).map(closesAtMs);
  if (recheckAtMs !== undefined) instants.push(recheckAtMs + RECHECK_AFTER_MS);
  const isUnpublished = !isPublished(published, draftOf(visits, published, nowMs));
  if (isUnpublished) instants.push(nowMs);
  if (instants.length === 0) return undefined;
  if (dueAtMs !== undefined && (isUnpublished || dueAtMs > nowMs)) instants.push(dueAtMs);
  return Math.min(...instants);
}

const withDue = ({ dueAtMs: _, ...stored }: StoredVisitorDay, due: number | undefined): StoredVisitorDay => ({
  ...stored,
  ...defined({ dueAtMs: due }),
});

/** Returns whether staff positions were corrected for a time so long ago that shoppers' visits were closed on them. */
function areStaffElsewhere(was: VisitorDay, is: VisitorDay, nowMs: number): boolean {
  return !equalUntil(staffPresenceOf(was), staffPresenceOf(is), nowMs - VISIT_GAP_MS_MAX);
}
