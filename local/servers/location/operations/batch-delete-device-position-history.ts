/**
 * BatchDeleteDevicePositionHistory. With a device's positions goes what the linked collections know of where it was; on AWS that
 * fades by itself within thirty days. A device that is heard of again enters anew.
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
      location.together(() => {
        const consumers = trackers.consumers(tracker.id);
        for (const deviceId of input.DeviceIds) {
          positions.forget(tracker.id, deviceId);
          for (const { collectionId } of consumers) states.forget(collectionId, deviceId);
        }
      });
      location.wipe();
      return { Errors: [] };
    },
  );
