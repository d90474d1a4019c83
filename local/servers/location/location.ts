/** The context of every operation: state, time and quotas, and the look-up of resources by name. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import type { Collection, Collections } from './collections.ts';
import { collectionNotFound, trackerNotFound } from './errors.ts';
import type { LocationEvent } from './events.ts';
import type { Geofences } from './geofences.ts';
import type { Positions } from './positions.ts';
import type { States } from './states.ts';
import type { Tracker, Trackers } from './trackers.ts';

export interface Quotas {
  readonly collectionsMax: number;
  readonly geofencesPerCollectionMax: number;
  readonly trackersMax: number;
  readonly consumersPerTrackerMax: number;
  /** Per operation. */
  readonly callsPerSecondMax: number;
}

export interface Location {
  readonly account: Account;
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly collections: Collections;
  readonly geofences: Geofences;
  readonly trackers: Trackers;
  readonly positions: Positions;
  readonly states: States;
  /** Runs `work` in one transaction. */
  readonly atomically: <T>(work: () => T) => T;
  /** Deletes expired positions and states, at most once an hour. */
  readonly sweep: (nowMs: number) => void;
  /** Truncates the database's write-ahead log, which may still contain deleted rows. */
  readonly truncateLog: () => void;
  readonly onEvent: (event: LocationEvent) => void;
}

/** Returns the ARN of a geofence collection. */
export function collectionArn({ account }: Pick<Location, 'account'>, name: string): string {
  return arnOf('geo', account, `geofence-collection/${name}`);
}

/** Returns the ARN of a tracker. */
export function trackerArn({ account }: Pick<Location, 'account'>, name: string): string {
  return arnOf('geo', account, `tracker/${name}`);
}

/** Returns the collection that a request names. @throws ResourceNotFoundException if there is none */
export function collectionOf(
  { collections }: Location,
  { CollectionName }: { readonly CollectionName: string },
): Collection {
  const collection = collections.byName(CollectionName);
  if (collection === undefined) throw collectionNotFound(CollectionName);
  return collection;
}

/** Returns the collection that an ARN of this account and region names. */
export function collectionOfArn(location: Location, arn: string): Collection | undefined {
  const start = collectionArn(location, '');
  return arn.startsWith(start) ? location.collections.byName(arn.slice(start.length)) : undefined;
}

/** Returns the tracker that a request names. @throws ResourceNotFoundException if there is none */
export function trackerOf(
  { trackers }: Location,
  { TrackerName }: { readonly TrackerName: string },
): Tracker {
  const tracker = trackers.byName(TrackerName);
  if (tracker === undefined) throw trackerNotFound(TrackerName);
  return tracker;
}
