/**
 * A sighting says that a visitor was in certain zones of a store at certain times, by one sensor.
 *
 * It is evidence, not a count: the log may bring it twice, late or out of order, and several sensors may tell of the
 * same minute. So it is made to be joined: what one sighting says changes nothing where another has said it.
 */
import type { BusinessDay, LocalTime } from '../../chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '../../chain/ids.ts';

/**
 * One stretch of a visitor's presence. Trackers know exactly how long (`held`); a camera's frame is a glimpse, and what
 * lies between two glimpses is judged when they are joined. A presence may lie in no zone at all.
 */
export interface Presence {
  readonly kind: 'tracked' | 'snapshot';
  readonly zoneId?: ZoneId;
  readonly fromMs: number;
  /** ≥ fromMs; equal to it for a glimpse, and for a sample that nothing followed. */
  readonly toMs: number;
}

export interface Sighting {
  readonly storeId: StoreId;
  readonly sensorId: SensorId;
  /** The business day of its first moment. */
  readonly day: BusinessDay;
  /** The store's clock at its first moment. */
  readonly startedAt: LocalTime;
  /** Absent where somebody was seen who may not be told apart from others: counted in a zone, part of no visit. */
  readonly visitorId?: VisitorId;
  readonly isStaff: boolean;
  /** Never empty. */
  readonly presences: readonly Presence[];
}

/** A face that may be known, by the id it has as a user of the collection. */
export const visitorOfUser = (userId: string): VisitorId => `user.${userId}` as VisitorId;

/** A track that a device follows by itself, by a number that means nothing elsewhere. */
export const visitorOfTrack = (sensorId: SensorId, track: string): VisitorId =>
  `track.${sensorId}.${track}` as VisitorId;

/** The user of the collection behind a visitor, where there is one. */
export const userOfVisitor = (visitorId: VisitorId): string | undefined =>
  visitorId.startsWith('user.') ? visitorId.slice('user.'.length) : undefined;

/** A door counter's sum over a stretch of time. It knows no one, so it is a fact of its own and no sighting. */
export interface Passage {
  readonly storeId: StoreId;
  readonly sensorId: SensorId;
  readonly day: BusinessDay;
  readonly startedAt: LocalTime;
  readonly endedAtMs: number;
  readonly entered: number;
  readonly left: number;
}
