/**
 * Processing of positions that a tracker receives: filter, store, evaluate against the linked collections.
 */
import type { DeviceUpdate } from './device-update.ts';
import { evaluate } from './evaluate.ts';
import { type LocationEvent, positionEvent } from './events.ts';
import { applyFilter, type Neighbours } from './filtering.ts';
import { collectionArn, type Location, trackerArn } from './location.ts';
import type { Tracker } from './trackers.ts';

/** Stores and evaluates positions, and returns the events to publish, in order. */
export function track(
  location: Location,
  tracker: Tracker,
  updates: readonly DeviceUpdate[],
  nowMs: number,
): LocationEvent[] {
  const { account, positions, trackers } = location;
  const arn = trackerArn(location, tracker.name);
  const events: LocationEvent[] = [];
  const toEvaluate: DeviceUpdate[] = [];
  const neighbours = createNeighbours(location, tracker, nowMs);
  for (const update of updates) {
    const { isStored, isEvaluated } = applyFilter(tracker.filtering, update, neighbours.find(update));
    if (isEvaluated) toEvaluate.push(update);
    if (!isStored) continue;
    const stored = { ...update, receivedAtMs: nowMs };
    positions.put(tracker.id, stored);
    neighbours.add(stored);
    if (tracker.publishesUpdates) events.push(positionEvent({ account, nowMs }, arn, tracker.name, stored));
  }
  for (const { collectionId, collectionName } of trackers.consumers(tracker.id)) {
    const resources = [collectionArn(location, collectionName), arn] as const;
    events.push(...evaluate(location, { collectionId, resources, updates: toEvaluate, nowMs }));
  }
  return events;
}

interface NeighbourCache {
  find(update: DeviceUpdate): Neighbours;
  /** Records that a position was stored. */
  add(stored: DeviceUpdate): void;
}

/**
 * Returns a cache of the stored neighbours within one call. Positions mostly arrive in the order of sample
 * times; then one query per device, for its newest position, is enough.
 */
function createNeighbours({ positions }: Location, { id }: Tracker, nowMs: number): NeighbourCache {
  const newest = new Map<string, DeviceUpdate | undefined>();
  return {
    find(update) {
      const { deviceId, sampledAtMs } = update;
      if (!newest.has(deviceId)) newest.set(deviceId, positions.latest(id, deviceId, nowMs));
      const latest = newest.get(deviceId);
      if (latest === undefined || latest.sampledAtMs <= sampledAtMs) {
        return { before: latest, following: undefined };
      }
      return {
        before: positions.before(id, deviceId, sampledAtMs, nowMs),
        following: positions.following(id, deviceId, sampledAtMs, nowMs),
      };
    },
    add(stored) {
      const latest = newest.get(stored.deviceId);
      if (latest === undefined || latest.sampledAtMs <= stored.sampledAtMs)
        newest.set(stored.deviceId, stored);
    },
  };
}
