/**
 * BatchDeleteDevicePositionHistory. It also deletes the device's state in the linked collections, which on
 * AWS expires within thirty days. The next position of the device enters its geofences again.
 */
import { list, required } from '../../wire/shape.ts';
import { DEVICES_PER_DELETION_MAX } from '../limits.ts';
import { type Location, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { id, trackerName } from '../shapes.ts';

export const batchDeleteDevicePositionHistory = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/delete-positions',
    { ...trackerName, DeviceIds: required(list(id, { min: 1, max: DEVICES_PER_DELETION_MAX })) },
    (input) => {
      const { positions, states, trackers } = location;
      const tracker = trackerOf(location, input);
      location.atomically(() => {
        const consumers = trackers.consumers(tracker.id);
        for (const deviceId of input.DeviceIds) {
          positions.deleteAll(tracker.id, deviceId);
          for (const { collectionId } of consumers) states.delete(collectionId, deviceId);
        }
      });
      location.truncateLog();
      return { Errors: [] };
    },
  );
