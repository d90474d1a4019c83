/**
 * How a stay comes to be written and the log to be told of it, for every function that touches one.
 *
 * A row and a log cannot be written at once. So what is to be told is decided and kept in the row, in the same write as
 * the evidence it follows from; then it goes to the log; then the row says that it went. After a crash in between, whoever
 * comes next sends it again, word for word, and it is counted once under its revision.
 */
import type { AliasStore } from '#adapters/dynamodb/alias-store.ts';
import type { StoredStay } from '#adapters/dynamodb/stay-row.ts';
import type { VisitStore } from '#adapters/dynamodb/visit-store.ts';
import { append, type Pauses } from '#adapters/kinesis/append.ts';
import type { EventLog } from '#adapters/kinesis/event-log.ts';
import { visitTold } from '#contracts/visit-events.ts';
import {
  emptyStay,
  equalParts,
  equalUntil,
  evidenceOfStay,
  presenceOf,
  type Stay,
  type StayKey,
  type StayPresence,
} from '#domain/place/stay.ts';
import {
  closesAtMs,
  isClosed,
  summaryOf,
  VISIT_GAP_MS_MAX,
  type Visit,
  type VisitSummary,
  visitsOf,
} from '#domain/place/visit.ts';
import { isTold, newsIn, type Telling, tell } from '#domain/place/visit-telling.ts';
import { inTurn } from './in-turn.ts';
import type { Facts } from './stay-facts.ts';

export interface StayPorts {
  readonly visits: VisitStore;
  readonly aliases: AliasStore;
  readonly log: EventLog;
  readonly pauses: Pauses;
  readonly nowMs: () => number;
}

export interface Settlement {
  readonly change?: (stay: Stay) => Stay;
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

export type Settled =
  | { readonly kind: 'settled'; readonly stored: StoredStay; readonly isWritten: boolean }
  /** The row would be too large; it stays as it was. */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** A stay has few writers: its store's consumer, the closing, and a merge in another store. */
const TRIES_MAX = 6;

export const STAYS_AT_ONCE_MAX = 16;

/** What was sent is marked so within a second; after this long, whoever sent it is taken for dead. */
const PENDING_GRACE_MS = 30_000;

/** Staff are read from an index, which follows a write within a second or so. */
export const RECHECK_AFTER_MS = 10_000;

/** Changes one stay and decides what the log is to be told of it; what that is, is pending until `tellAll`. */
export async function settle(
  ports: StayPorts,
  facts: Facts,
  key: StayKey,
  settlement: Settlement,
): Promise<Settled> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const loaded = (await ports.visits.load(key)) ?? unheardOf(key);
    // The row has room for one telling, so an earlier one goes out before another can take its place.
    if (loaded.pending !== undefined) await send(ports, [loaded.pending]);
    const stay = settlement.change?.(loaded.stay) ?? loaded.stay;
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
export async function tellAll(ports: StayPorts, stays: readonly StoredStay[]): Promise<number> {
  const pending = stays.flatMap((stored) => stored.pending ?? []);
  await send(ports, pending);
  const open = stays.filter((stored) => stored.pending !== undefined);
  await inTurn(open, STAYS_AT_ONCE_MAX, (stored) => {
    const told = toldOf(stored);
    const nowMs = ports.nowMs();
    // Where somebody has written since, they have sent it as well, since they found it pending.
    return ports.visits.save(withDue(told, dueOf(told, nowMs)), nowMs);
  });
  return pending.length;
}

async function send(ports: StayPorts, tellings: readonly Telling[]): Promise<void> {
  const entries = tellings.map((telling) => ({
    key: telling.storeId,
    bytes: new TextEncoder().encode(JSON.stringify(visitTold(telling))),
  }));
  const outcomes = await append(ports.log, entries, ports.pauses);
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) throw new Error(`the log did not take a telling: ${refused.reason}`);
}

const unheardOf = (key: StayKey): StoredStay => ({
  stay: emptyStay(key),
  told: [],
  revision: 0,
  version: 0,
});

/** The stay once what was pending has been sent; it was due for that, and is due for it no longer. */
function toldOf(stored: StoredStay): StoredStay {
  const { pending, dueAtMs: _, ...rest } = stored;
  return pending === undefined ? stored : { ...rest, told: pending.after };
}

function isSame(loaded: StoredStay, next: StoredStay): boolean {
  return (
    loaded.pending === undefined &&
    next.pending === undefined &&
    loaded.dueAtMs === next.dueAtMs &&
    loaded.recheckAtMs === next.recheckAtMs &&
    equalParts(loaded.stay, next.stay)
  );
}

async function decide(
  ports: StayPorts,
  facts: Facts,
  loaded: StoredStay,
  stay: Stay,
  { closes, isRecheck = false, recheckedAtMs }: Settlement,
): Promise<StoredStay> {
  const nowMs = ports.nowMs();
  const { recheckAtMs: asked, ...told } = toldOf(loaded);
  const recheckAtMs = areStaffElsewhere(loaded.stay, stay, nowMs)
    ? nowMs
    : asked === recheckedAtMs
      ? undefined
      : asked;
  const next: StoredStay = { ...told, stay, ...(recheckAtMs !== undefined && { recheckAtMs }) };

  const visits = visitsOf(stay);
  const draft = draftOf(visits, told.told, nowMs);
  const isNews = closes
    ? isRecheck || !isTold(told.told, draft)
    : newsIn(told.told, draft).some((visit) => !visit.isClosed);
  const telling = isNews ? tell(stay, told, await facts.summaries(stay, visits, nowMs)) : undefined;
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
      standing: known?.standing ?? 'unknown',
      company: known?.company,
    });
  });

/**
 * When somebody has to look at a stay of which nothing is pending; undefined where never. A moment that was set before and
 * comes sooner is kept: a visit that goes on would else be put off with every sighting, and each time is a write to the
 * index. So an open visit is looked at once in a quarter of an hour, and put off then.
 */
function dueOf({ stay, told, recheckAtMs, dueAtMs }: StoredStay, nowMs: number): number | undefined {
  const visits = visitsOf(stay);
  const moments = visits.filter((visit) => !isClosed(visit, nowMs)).map(closesAtMs);
  if (recheckAtMs !== undefined) moments.push(recheckAtMs + RECHECK_AFTER_MS);
  const isLeft = !isTold(told, draftOf(visits, told, nowMs));
  if (isLeft) moments.push(nowMs);
  if (moments.length === 0) return undefined;
  if (dueAtMs !== undefined && (isLeft || dueAtMs > nowMs)) moments.push(dueAtMs);
  return Math.min(...moments);
}

const withDue = ({ dueAtMs: _, ...stored }: StoredStay, due: number | undefined): StoredStay => ({
  ...stored,
  ...(due !== undefined && { dueAtMs: due }),
});

const NOWHERE: StayPresence = { all: [], zones: new Map() };

/** Whether staff prove to have been elsewhere than was thought, so long ago that shoppers' visits were closed on it. */
function areStaffElsewhere(was: Stay, is: Stay, nowMs: number): boolean {
  const [before, after] = [evidenceOfStay(was), evidenceOfStay(is)];
  if (!before.isStaff && !after.isStaff) return false;
  const presences = [before, after].map((one) => (one.isStaff ? presenceOf(one) : NOWHERE));
  return !equalUntil(presences[0] ?? NOWHERE, presences[1] ?? NOWHERE, nowMs - VISIT_GAP_MS_MAX);
}
