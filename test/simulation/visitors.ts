/**
 * Visitors in the stores of a simulated chain, as the log receives them: revisions of visits that open, close, grow, or
 * prove to be staff's or another visitor's; counts of doors; and sightings, which count nothing.
 *
 * The revisions of a visitor reach the log in their order, each any number of times: the producer keeps a revision until
 * the log has accepted it.
 */

import { append, type RetryClock } from '#application/ingestion/append.ts';
import type { LogEntry } from '#application/ports/event-log.ts';
import type { WireEvent } from '#contracts/events/parse-event.ts';
import { passageRecorded } from '#contracts/events/passage-recorded.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import { type BusinessDay, businessDayOf, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { visitorOfTrack, visitorOfUser } from '#domain/place/visits/sighting.ts';
import { GROUP_ROLES, VISIT_FREQUENCIES, type VisitSummary } from '#domain/place/visits/visit.ts';
import { nextRevision } from '#domain/place/visits/visit-revision.ts';
import type { VisitorDayKey } from '#domain/place/visits/visitor-day.ts';
import type { FaultCounts } from './faults.ts';
import type { MemoryLog } from './log.ts';
import type { Random } from './random.ts';

interface Visitor {
  readonly key: VisitorDayKey;
  published: readonly VisitSummary[];
  revision: number;
  /** Published, and not yet accepted by the log. */
  pending: LogEntry | undefined;
}

export interface Crowd {
  /** Something happens in a store. */
  live(store: Store): Promise<void>;
  /** Sends what the log has not taken yet. */
  sendPending(): Promise<void>;
}

const VISITORS_PER_STORE = 4;
const ZONES = ['entry', 'shoes', 'till.1'] as ZoneId[];
const SENSORS = ['cam-1', 'xovis.2', 'door'] as SensorId[];

export function crowd(
  random: Random,
  counts: FaultCounts,
  log: MemoryLog,
  pauses: RetryClock,
  nowMs: number,
  isStormy: () => boolean,
): Crowd {
  const visitors = new Map<string, Visitor>();
  const sent: LogEntry[] = [];
  let passages = 0;

  const entryOf = (store: Store, event: WireEvent): LogEntry => ({
    key: store.storeId,
    bytes: Buffer.from(JSON.stringify(event)),
  });
  const momentIn = (store: Store) => {
    const instantMs = nowMs - random.between(0, 2 * DAY_MS);
    return { instantMs, offsetMinutes: offsetMinutesAt(instantMs, store.timeZone) };
  };
  const dayOf = (store: Store, time: ReturnType<typeof momentIn>): BusinessDay =>
    businessDayOf(time, store.dayCutMinutes);

  function visitorOf(store: Store, day: BusinessDay): Visitor {
    const number = random.between(1, VISITORS_PER_STORE);
    const visitorId =
      number % 2 === 0
        ? visitorOfUser(`v.${number}`)
        : visitorOfTrack({ storeId: store.storeId, day }, SENSORS[1] as SensorId, `${number}`);
    const name = `${store.storeId} ${day} ${visitorId}`;
    const known = visitors.get(name) ?? {
      key: { storeId: store.storeId, day, visitorId },
      published: [],
      revision: 0,
      pending: undefined,
    };
    visitors.set(name, known);
    return known;
  }

  const opened = (store: Store): VisitSummary => {
    const firstSeenAt = momentIn(store);
    return {
      number: 1,
      firstSeenAt,
      lastSeenAtMs: firstSeenAt.instantMs + random.between(0, 3_600_000),
      isClosed: false,
      isStaff: random.chance(0.1),
      isAssisted: false,
      frequency: random.pick(VISIT_FREQUENCIES),
      zones: [],
    };
  };

  const closed = (visit: VisitSummary): VisitSummary => ({
    ...visit,
    lastSeenAtMs: visit.lastSeenAtMs + random.between(0, 600_000),
    isClosed: true,
    isAssisted: random.chance(0.3),
    groupRole: random.pick(GROUP_ROLES),
    zones: ZONES.filter(() => random.chance(0.6)).map((zoneId) => ({
      zoneId,
      entries: random.between(1, 4),
      ms: random.between(0, 40_000),
    })),
  });

  /** What holds after something more became known of a day. */
  function after(store: Store, told: readonly VisitSummary[]): VisitSummary[] {
    const at = random.between(0, told.length);
    const visit = told[at];
    const others = told.filter((_, index) => index !== at);
    const next =
      visit === undefined
        ? [...told, opened(store)]
        : random.chance(0.7)
          ? [...others, closed(visit)]
          : random.chance(0.5)
            ? [...others, { ...visit, firstSeenAt: momentIn(store), isStaff: !visit.isStaff }]
            : others;
    return next.map((one, index) => ({ ...one, number: index + 1 }));
  }

  async function send(entry: LogEntry): Promise<boolean> {
    const [outcome] = await append(log, [entry], pauses);
    if (outcome?.kind !== 'durable') return false;
    sent.push(entry);
    return true;
  }

  async function sendPendingOf(visitor: Visitor): Promise<boolean> {
    if (visitor.pending !== undefined && !(await send(visitor.pending))) return false;
    visitor.pending = undefined;
    return true;
  }

  async function publishOf(store: Store): Promise<void> {
    const visitor = visitorOf(store, dayOf(store, momentIn(store)));
    if (!(await sendPendingOf(visitor))) return;
    const revision = nextRevision(visitor.key, visitor, after(store, visitor.published));
    if (revision === undefined) return;
    visitor.published = revision.after;
    visitor.revision = revision.revision;
    visitor.pending = entryOf(store, visitRevisionEvent(revision));
    await sendPendingOf(visitor);
    if (isStormy() && random.chance(0.05)) {
      counts['second body under one name']++;
      const other = { ...revision, after: [...revision.after, opened(store)] };
      if (visitor.pending === undefined) await send(entryOf(store, visitRevisionEvent(other)));
    }
  }

  async function pass(store: Store): Promise<void> {
    const startedAt = momentIn(store);
    // No two counts of a sensor begin at once, but for those that a second body is made of below.
    startedAt.instantMs -= (startedAt.instantMs % 10_000) - (passages++ % 10_000);
    const passage = {
      storeId: store.storeId,
      sensorId: random.pick(SENSORS),
      day: dayOf(store, startedAt),
      startedAt,
      endedAtMs: startedAt.instantMs + 60_000,
      entered: random.between(0, 5),
      left: random.between(0, 5),
    };
    const isTaken = await send(entryOf(store, passageRecorded(passage, 's')));
    if (isTaken && isStormy() && random.chance(0.05)) {
      counts['second body under one name']++;
      await send(entryOf(store, passageRecorded({ ...passage, entered: 99 }, 's')));
    }
  }

  async function see(store: Store): Promise<void> {
    const startedAt = momentIn(store);
    const sighting = {
      storeId: store.storeId,
      sensorId: random.pick(SENSORS),
      day: dayOf(store, startedAt),
      startedAt,
      isStaff: false,
      presences: [{ kind: 'tracked', fromMs: startedAt.instantMs, toMs: startedAt.instantMs } as const],
    };
    await send(entryOf(store, sightingRecorded(sighting, `s${startedAt.instantMs}`, 's')));
  }

  return {
    async live(store) {
      const what = random.next();
      if (what < 0.6) await publishOf(store);
      else if (what < 0.8) await pass(store);
      else await see(store);
      if (isStormy() && random.chance(0.15) && sent.length > 0) {
        counts['producer duplicate']++;
        await send(random.pick(sent));
      }
    },
    async sendPending() {
      for (const visitor of visitors.values()) await sendPendingOf(visitor);
    },
  };
}
