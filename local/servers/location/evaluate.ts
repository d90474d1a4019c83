/**
 * Evaluates positions against the geofences of a collection: a device that was outside and is inside has
 * entered, and one that was inside and is outside has exited. Before its first position a device is outside
 * of all geofences.
 *
 * A position sampled before the last evaluated one is skipped, because it is not the device's current one.
 * AWS does not document what it does with such a position; evaluating it would publish the backlog of a phone
 * as enters and exits in a wrong order.
 */
import type { DeviceUpdate } from './device-update.ts';
import { type GeofenceEvent, geofenceEvent } from './events.ts';
import type { Location } from './location.ts';
import type { DeviceState } from './states.ts';

interface Evaluation {
  readonly collectionId: number;
  readonly resources: GeofenceEvent['resources'];
  readonly updates: readonly DeviceUpdate[];
  readonly nowMs: number;
}

/** Returns the events, in the order of the positions, and stores the new states of the devices. */
export function evaluate(
  { account, geofences, states }: Pick<Location, 'account' | 'geofences' | 'states'>,
  { collectionId, resources, updates, nowMs }: Evaluation,
): GeofenceEvent[] {
  const events: GeofenceEvent[] = [];
  const changed = new Map<string, DeviceState>();
  for (const update of updates) {
    const { deviceId, sampledAtMs } = update;
    const before = changed.get(deviceId) ?? states.find(collectionId, deviceId, nowMs);
    if (before !== undefined && sampledAtMs < before.sampledAtMs) continue;
    const containing = geofences.at(collectionId, update);
    const inside = containing.map(({ id }) => id);
    // A deleted geofence is not exited.
    const exited = (before?.inside ?? [])
      .filter((id) => !inside.includes(id))
      .flatMap((id) => geofences.byId(collectionId, id) ?? []);
    const entered = containing.filter(({ id }) => before?.inside.includes(id) !== true);
    const origin = { account, nowMs };
    for (const fence of exited) events.push(geofenceEvent(origin, resources, 'EXIT', fence, update));
    for (const fence of entered) events.push(geofenceEvent(origin, resources, 'ENTER', fence, update));
    changed.set(deviceId, { sampledAtMs, receivedAtMs: nowMs, inside });
  }
  for (const [deviceId, state] of changed) states.put(collectionId, deviceId, state);
  return events;
}
