/** What every operation works with: the state, the time, and how a request names things. */
import { type Account, arnOf } from '../wire/account.ts';
import type { Clock } from '../wire/clock.ts';
import type { Collection, Collections } from './collections.ts';
import type { LocationEvent } from './events.ts';
import type { Geofences } from './geofences.ts';
import type { Positions } from './positions.ts';
import { collectionNotFound, trackerNotFound } from './refusals.ts';
import type { States } from './states.ts';
import type { Tracker, Trackers } from './trackers.ts';

export interface Quotas {
  readonly collectionsMax: number;
  readonly geofencesPerCollectionMax: number;
  readonly trackersMax: number;
  readonly consumersPerTrackerMax: number;
  /** Of each operation; as many as come when not given. */
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
  /** All of it or none, as one write. */
  readonly together: <T>(work: () => T) => T;
  /** Deletes what is older than it may be kept. */
  readonly sweep: (nowMs: number) => void;
  /** Overwrites what deleted rows left in the database's log. */
  readonly wipe: () => void;
  readonly onEvent: (event: LocationEvent) => void;
}

export function collectionArn({ account }: Pick<Location, 'account'>, name: string): string {
  return arnOf('geo', account, `geofence-collection/${name}`);
}

export function trackerArn({ account }: Pick<Location, 'account'>, name: string): string {
  return arnOf('geo', account, `tracker/${name}`);
}

export function collectionOf(
  { collections }: Location,
  { CollectionName }: { readonly CollectionName: string },
): Collection {
  const collection = collections.byName(CollectionName);
  if (collection === undefined) throw collectionNotFound(CollectionName);
  return collection;
}

/** The collection that an ARN names, if it is one of this account and region. */
export function collectionOfArn(location: Location, arn: string): Collection | undefined {
  const start = collectionArn(location, '');
  return arn.startsWith(start) ? location.collections.byName(arn.slice(start.length)) : undefined;
}

export function trackerOf(
  { trackers }: Location,
  { TrackerName }: { readonly TrackerName: string },
): Tracker {
  const tracker = trackers.byName(TrackerName);
  if (tracker === undefined) throw trackerNotFound(TrackerName);
  return tracker;
}
