/** What a tracker does with positions that come in: drops, keeps, passes on. */
import type { DeviceUpdate } from './device-update.ts';
import { evaluate } from './evaluate.ts';
import { type LocationEvent, positionEvent } from './events.ts';
import { filtered, type Neighbours } from './filtering.ts';
import { collectionArn, type Location, trackerArn } from './location.ts';
import type { Tracker } from './trackers.ts';

/** What is to be told of it, in order. */
export function track(
  location: Location,
  tracker: Tracker,
  updates: readonly DeviceUpdate[],
  nowMs: number,
): LocationEvent[] {
  const { account, positions, trackers } = location;
  const arn = trackerArn(location, tracker.name);
  const events: LocationEvent[] = [];
  const passed: DeviceUpdate[] = [];
  const neighboursOf = neighboursWithin(location, tracker, nowMs);
  for (const update of updates) {
    const { isStored, isEvaluated } = filtered(tracker.filtering, update, neighboursOf.find(update));
    if (isEvaluated) passed.push(update);
    if (!isStored) continue;
    const stored = { ...update, receivedAtMs: nowMs };
    positions.put(tracker.id, stored);
    neighboursOf.note(stored);
    if (tracker.publishesUpdates) events.push(positionEvent({ account, nowMs }, arn, tracker.name, stored));
  }
  for (const { collectionId, collectionName } of trackers.consumers(tracker.id)) {
    const resources = [collectionArn(location, collectionName), arn] as const;
    events.push(...evaluate(location, { collectionId, resources, updates: passed, nowMs }));
  }
  return events;
}

interface NeighboursWithin {
  find(update: DeviceUpdate): Neighbours;
  /** That a position was kept. */
  note(kept: DeviceUpdate): void;
}

/** Positions mostly come in the order of time, and then the newest of the device is all that has to be known: one look per device and call. */
function neighboursWithin({ positions }: Location, { id }: Tracker, nowMs: number): NeighboursWithin {
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
    note(kept) {
      const latest = newest.get(kept.deviceId);
      if (latest === undefined || latest.sampledAtMs <= kept.sampledAtMs) newest.set(kept.deviceId, kept);
    },
  };
}
