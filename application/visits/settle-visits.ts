/**
 * How a stay comes to be written and the log to be told of it, for every function that touches one.
 *
 * A row and a log cannot be written at once. So what is to be told is decided and kept in the row, in the same write as
 * the evidence it follows from; then it goes to the log; then the row says that it went. After a crash in between, whoever
 * comes next sends it again, word for word, and it is counted once under its revision.
 */

import { visitRevisionEvent } from '#contracts/events/visit-mapping.ts';
import {
  closesAtMs,
  isClosed,
  summaryOf,
  VISIT_GAP_MS_MAX,
  type Visit,
  type VisitSummary,
  visitsOf,
} from '#domain/place/visits/visit.ts';
import {
  isPublished,
  nextRevision,
  unpublished,
  type VisitRevision,
} from '#domain/place/visits/visit-revision.ts';
import {
  type DayPresence,
  emptyVisitorDay,
  equalParts,
  equalUntil,
  evidenceOfDay,
  presenceOf,
  type VisitorDay,
  type VisitorDayKey,
} from '#domain/place/visits/visitor-day.ts';
import { append, type RetryClock } from '../ingestion/append.ts';
import type { AliasStore } from '../ports/alias-store.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { StoredVisitorDay, VisitStore } from '../ports/visit-store.ts';
import { mapConcurrent } from '../support/concurrency.ts';
import type { StoreDayContext } from './visit-context.ts';

export interface SettleVisitsPorts {
  readonly visits: VisitStore;
  readonly aliases: AliasStore;
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export interface SettleOptions {
  readonly change?: (stay: VisitorDay) => VisitorDay;
  /**
   * Whether visits that have ended are told of. Whoever brings sightings leaves that to the closing, which comes within a
   * minute: by then an import has brought the staff of the day, too, and not just the shopper.
   */
  readonly closes: boolean;
  /** Whether what was told of ended visits may be wrong although their evidence is the same. */
  readonly isRecheck?: boolean;
  /** A recheck that has been made, by the moment it was asked for. */
  readonly recheckedAtMs?: number;
}

export type SettleOutcome =
  | { readonly kind: 'settled'; readonly stored: StoredVisitorDay; readonly isWritten: boolean }
  /** The row would be too large; it stays as it was. */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** A stay has few writers: its store's consumer, the closing, and a merge in another store. */
const TRIES_MAX = 6;

export const DAYS_AT_ONCE_MAX = 16;

/** What was sent is marked so within a second; after this long, whoever sent it is taken for dead. */
const PENDING_GRACE_MS = 30_000;

/** Staff are read from an index, which follows a write within a second or so. */
export const RECHECK_AFTER_MS = 10_000;

/** Changes one stay and decides what the log is to be told of it; what that is, is pending until `tellAll`. */
export async function settleVisits(
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  key: VisitorDayKey,
  settlement: SettleOptions,
): Promise<SettleOutcome> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const loaded = (await ports.visits.load(key)) ?? unheardOf(key);
    // The row has room for one telling, so an earlier one goes out before another can take its place.
    if (loaded.pending !== undefined) await send(ports, [loaded.pending]);
    const stay = settlement.change?.(loaded.visitorDay) ?? loaded.visitorDay;
    const next = await decide(ports, facts, loaded, stay, settlement);
    if (isSame(loaded, next)) return { kind: 'settled', stored: loaded, isWritten: false };
    const outcome = await ports.visits.save(next, ports.nowMs());
    if (outcome.kind === 'unstorable') return outcome;
    if (outcome.kind === 'saved')
      return { kind: 'settled', stored: { ...next, version: outcome.version }, isWritten: true };
  }
  throw new Error(
    `the stay of ${key.visitorId} in ${key.storeId} is still contended after ${TRIES_MAX} tries`,
  );
}

/** Sends what is pending in these stays and marks it as sent. Returns how many tellings there were. */
export async function publishAll(
  ports: SettleVisitsPorts,
  stays: readonly StoredVisitorDay[],
): Promise<number> {
  const pending = stays.flatMap((stored) => stored.pending ?? []);
  await send(ports, pending);
  const open = stays.filter((stored) => stored.pending !== undefined);
  await mapConcurrent(open, DAYS_AT_ONCE_MAX, (stored) => {
    const told = toldOf(stored);
    const nowMs = ports.nowMs();
    // Where somebody has written since, they have sent it as well, since they found it pending.
    return ports.visits.save(withDue(told, dueOf(told, nowMs)), nowMs);
  });
  return pending.length;
}

async function send(ports: SettleVisitsPorts, tellings: readonly VisitRevision[]): Promise<void> {
  const entries = tellings.map((telling) => ({
    key: telling.storeId,
    bytes: new TextEncoder().encode(JSON.stringify(visitRevisionEvent(telling))),
  }));
  const outcomes = await append(ports.log, entries, ports.pauses);
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) throw new Error(`the log did not take a telling: ${refused.reason}`);
}

const unheardOf = (key: VisitorDayKey): StoredVisitorDay => ({
  visitorDay: emptyVisitorDay(key),
  published: [],
  revision: 0,
  version: 0,
});

/** The stay once what was pending has been sent; it was due for that, and is due for it no longer. */
function toldOf(stored: StoredVisitorDay): StoredVisitorDay {
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
  ports: SettleVisitsPorts,
  facts: StoreDayContext,
  loaded: StoredVisitorDay,
  stay: VisitorDay,
  { closes, isRecheck = false, recheckedAtMs }: SettleOptions,
): Promise<StoredVisitorDay> {
  const nowMs = ports.nowMs();
  const { recheckAtMs: asked, ...sent } = toldOf(loaded);
  const recheckAtMs = areStaffElsewhere(loaded.visitorDay, stay, nowMs)
    ? nowMs
    : asked === recheckedAtMs
      ? undefined
      : asked;
  const next: StoredVisitorDay = {
    ...sent,
    visitorDay: stay,
    ...(recheckAtMs !== undefined && { recheckAtMs }),
  };

  const visits = visitsOf(stay);
  const draft = draftOf(visits, sent.published, nowMs);
  const isNews = closes
    ? isRecheck || !isPublished(sent.published, draft)
    : unpublished(sent.published, draft).some((visit) => !visit.isClosed);
  const telling = isNews ? nextRevision(stay, sent, await facts.summaries(stay, visits, nowMs)) : undefined;
  if (telling === undefined) return withDue(next, dueOf(next, nowMs));
  return {
    ...next,
    revision: telling.revision,
    pending: telling,
    dueAtMs: nowMs + PENDING_GRACE_MS,
  };
}

/** What holds now as far as the stay alone says; what else there is to know is taken over from the last telling. */
const draftOf = (visits: readonly Visit[], told: readonly VisitSummary[], nowMs: number): VisitSummary[] =>
  visits.map((visit) => {
    const known = told.find(({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs);
    return summaryOf(visit, {
      isClosed: isClosed(visit, nowMs),
      isAssisted: known?.isAssisted ?? false,
      frequency: known?.frequency ?? 'unknown',
      groupRole: known?.groupRole,
    });
  });

/**
 * When somebody has to look at a stay of which nothing is pending; undefined where never. A moment that was set before and
 * comes sooner is kept: a visit that goes on would else be put off with every sighting, and each time is a write to the
 * index. So an open visit is looked at once in a quarter of an hour, and put off then.
 */
function dueOf(
  { visitorDay, published, recheckAtMs, dueAtMs }: StoredVisitorDay,
  nowMs: number,
): number | undefined {
  const visits = visitsOf(visitorDay);
  const moments = visits.filter((visit) => !isClosed(visit, nowMs)).map(closesAtMs);
  if (recheckAtMs !== undefined) moments.push(recheckAtMs + RECHECK_AFTER_MS);
  const isLeft = !isPublished(published, draftOf(visits, published, nowMs));
  if (isLeft) moments.push(nowMs);
  if (moments.length === 0) return undefined;
  if (dueAtMs !== undefined && (isLeft || dueAtMs > nowMs)) moments.push(dueAtMs);
  return Math.min(...moments);
}

const withDue = ({ dueAtMs: _, ...stored }: StoredVisitorDay, due: number | undefined): StoredVisitorDay => ({
  ...stored,
  ...(due !== undefined && { dueAtMs: due }),
});

const NOWHERE: DayPresence = { all: [], zones: new Map() };

/** Whether staff prove to have been elsewhere than was thought, so long ago that shoppers' visits were closed on it. */
function areStaffElsewhere(was: VisitorDay, is: VisitorDay, nowMs: number): boolean {
  const [before, after] = [evidenceOfDay(was), evidenceOfDay(is)];
  if (!before.isStaff && !after.isStaff) return false;
  const presences = [before, after].map((one) => (one.isStaff ? presenceOf(one) : NOWHERE));
  return !equalUntil(presences[0] ?? NOWHERE, presences[1] ?? NOWHERE, nowMs - VISIT_GAP_MS_MAX);
}
