/**
 * A sighting says that a visitor was in certain zones of a store at certain times, by one sensor.
 *
 * It is evidence, not a count: the log may bring it twice, late or out of order, and several sensors may report the
 * same minute. So sightings are joined: one that repeats another changes nothing.
 */
import type { BusinessDay, LocalTime } from '../../chain/business-day.ts';
import type { SensorId, StoreId, VisitorId, ZoneId } from '../../chain/ids.ts';
import { userKindOf } from '../../people/faces/face-user.ts';
import type { Sensor } from './sensor.ts';
import type { Extent } from './stillness.ts';

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
  /**
   * From which length on a stay with this sighting counts as a visitor, in milliseconds; 0 where absent. Undefined under
   * `zones only`: the sensor gives zones, and visitors are counted by another.
   */
  readonly counting?: { readonly leastMs: number } | 'zones only';
  /** How far its positions reached, by half hour; absent where the device reports no positions. */
  readonly extents?: readonly Extent[];
}

/** Returns the visitor id of a user of the face collection. */
export const visitorOfUser = (userId: string): VisitorId => `user.${userId}` as VisitorId;

/** The place and day in which the number of a track means one body. */
export interface TrackPlace {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
}

/**
 * Returns the visitor id of a track that a device follows. Sensors number their tracks from the beginning every day and in
 * every store, so store, day and sensor are part of the id; `:` is in none of them.
 */
export const visitorOfTrack = ({ storeId, day }: TrackPlace, sensorId: SensorId, track: string): VisitorId =>
  `track.${storeId}:${day}:${sensorId}:${track}` as VisitorId;

/** `track.<sensor>.<track>`, as ids of tracks were before they held store and day. */
const BARE_TRACK = /^track\.([^:]*)\.([^.:]*)$/;

/** Returns a visitor id as it is written now: an id of a track without its store and day gets those of its event. */
export function visitorIn(place: TrackPlace, visitorId: VisitorId): VisitorId {
  const [, sensor, track] = BARE_TRACK.exec(visitorId) ?? [];
  return sensor === undefined || track === undefined
    ? visitorId
    : visitorOfTrack(place, sensor as SensorId, track);
}

/** Returns whether a visitor id is of a track of one store and one day. */
export const isTrack = (visitorId: VisitorId): boolean =>
  visitorId.startsWith('track.') && visitorId.includes(':');

/** Returns the user of the face collection behind a visitor; undefined for a track. */
export const userOfVisitor = (visitorId: VisitorId): string | undefined =>
  visitorId.startsWith('user.') ? visitorId.slice('user.'.length) : undefined;

/** Returns whether a visitor is a member of staff by the id alone: the kind of a user is part of it. */
export const isStaffUser = (visitorId: VisitorId): boolean =>
  userKindOf(userOfVisitor(visitorId) ?? '') === 'staff';

/** Returns how a sensor's sightings count; undefined where each counts at once, which is the rule. */
export const countingOf = ({ isCounting, leastMs }: Sensor['counts']): Sighting['counting'] | undefined =>
  isCounting ? (leastMs === 0 ? undefined : { leastMs }) : 'zones only';

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
