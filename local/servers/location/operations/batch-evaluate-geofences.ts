/** BatchEvaluateGeofences: positions against a collection, of devices that need be in no tracker. */
import { readUpdates } from '../device-update.ts';
import { evaluate } from '../evaluate.ts';
import { collectionArn, collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName, devicePositionUpdates } from '../shapes.ts';

export const batchEvaluateGeofences = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections/{CollectionName}/positions',
    { ...collectionName, DevicePositionUpdates: devicePositionUpdates },
    (input) => {
      const { id: collectionId, name } = collectionOf(location, input);
      const { updates, errors } = readUpdates(input.DevicePositionUpdates);
      const nowMs = location.clock.nowMs();
      location.sweep(nowMs);
      const resources = [collectionArn(location, name)] as const;
      const events = location.together(() => evaluate(location, { collectionId, resources, updates, nowMs }));
      for (const event of events) location.onEvent(event);
      return { Errors: errors };
    },
  );
