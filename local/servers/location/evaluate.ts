/**
 * Holds positions against the fences of a collection: a device that was outside and is inside has entered, and the other way
 * round has left. Before its first position a device was outside of everything.
 *
 * A position that was sampled before the last one evaluated says where the device was and not where it is, so it is passed over.
 * AWS does not say what it does with one; were it evaluated, a phone that sends what it had saved up would enter and leave again
 * in an order that never was.
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

/** What happened, in the order of the positions. The states of the devices are written. */
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
    const here = geofences.at(collectionId, update);
    const inside = here.map(({ id }) => id);
    // A fence that is no longer there was not left.
    const left = (before?.inside ?? [])
      .filter((id) => !inside.includes(id))
      .flatMap((id) => geofences.byId(collectionId, id) ?? []);
    const entered = here.filter(({ id }) => before?.inside.includes(id) !== true);
    const origin = { account, nowMs };
    for (const fence of left) events.push(geofenceEvent(origin, resources, 'EXIT', fence, update));
    for (const fence of entered) events.push(geofenceEvent(origin, resources, 'ENTER', fence, update));
    changed.set(deviceId, { sampledAtMs, receivedAtMs: nowMs, inside });
  }
  for (const [deviceId, state] of changed) states.put(collectionId, deviceId, state);
  return events;
}
