/**
 * A sighting says that a visitor was in certain zones of a store at certain times, by one sensor.
 *
 * It is evidence, not a count: the log may bring it twice, late or out of order, and several sensors may report the
 * same minute. So sightings are joined: one that repeats another changes nothing.
 */
import type { BusinessDay, LocalTime } from '../../chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '../../chain/ids.ts';

/**
 * One stretch of a visitor's presence. Trackers measure its length (`tracked`); a camera's frame is a `snapshot`, and
 * the time between two snapshots is decided when they are joined. A presence may lie in no zone at all.
 */
export interface Presence {
  readonly kind: 'tracked' | 'snapshot';
  readonly zoneId?: ZoneId;
  readonly fromMs: number;
  /** ≥ fromMs; equal to it for a snapshot, and for a sample that nothing followed. */
  readonly toMs: number;
}

export interface Sighting {
  readonly storeId: StoreId;
  readonly sensorId: SensorId;
  /** The business day of its first moment. */
  readonly day: BusinessDay;
  /** The store's clock at its first moment. */
  readonly startedAt: LocalTime;
  /** Absent for a person who may not be distinguished from others: counted in a zone, part of no visit. */
  readonly visitorId?: VisitorId;
  readonly isStaff: boolean;
  /** The number of the member whom the device matched itself, with consent; see `visitorOfUser`. */
  readonly member?: string;
  /** Never empty. */
  readonly presences: readonly Presence[];
}

/** Returns the visitor id of a user of the face collection. */
export const visitorOfUser = (userId: string): VisitorId => `user.${userId}` as VisitorId;

/** Returns the visitor id of a track that a device follows, by a number that means nothing elsewhere. */
export const visitorOfTrack = (sensorId: SensorId, track: string): VisitorId =>
  `track.${sensorId}.${track}` as VisitorId;

/** Returns the user of the face collection behind a visitor; undefined for a track. */
export const userOfVisitor = (visitorId: VisitorId): string | undefined =>
  visitorId.startsWith('user.') ? visitorId.slice('user.'.length) : undefined;

/** A door counter's sum over a stretch of time. It identifies no one, so it is a fact of its own and not a sighting. */
export interface Passage {
  readonly storeId: StoreId;
  readonly sensorId: SensorId;
  readonly day: BusinessDay;
  readonly startedAt: LocalTime;
  readonly endedAtMs: number;
  readonly entered: number;
  readonly left: number;
}
