/** What a tracker does with positions that come in: drops, keeps, passes on. */
import type { DeviceUpdate } from './device-update.ts';
import { evaluate } from './evaluate.ts';
import { type LocationEvent, positionEvent } from './events.ts';
import { filtered } from './filtering.ts';
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
  for (const update of updates) {
    const at = [tracker.id, update.deviceId, update.sampledAtMs, nowMs] as const;
    const neighbours = { before: positions.before(...at), following: positions.following(...at) };
    const { isStored, isEvaluated } = filtered(tracker.filtering, update, neighbours);
    if (isEvaluated) passed.push(update);
    if (!isStored) continue;
    const stored = { ...update, receivedAtMs: nowMs };
    positions.put(tracker.id, stored);
    if (tracker.tellsUpdates) events.push(positionEvent({ account, nowMs }, arn, tracker.name, stored));
  }
  for (const { collectionId, collectionName } of trackers.consumers(tracker.id)) {
    const resources = [collectionArn(location, collectionName), arn] as const;
    events.push(...evaluate(location, { collectionId, resources, updates: passed, nowMs }));
  }
  return events;
}
