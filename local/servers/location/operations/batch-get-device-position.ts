/** BatchGetDevicePosition. A device without positions is omitted and is no error. */
import { list, required } from '../../wire/shape.ts';
import { describePosition } from '../descriptions.ts';
import { ITEMS_PER_CALL_MAX } from '../limits.ts';
import { type Location, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { id, trackerName } from '../shapes.ts';

export const batchGetDevicePosition = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/get-positions',
    { ...trackerName, DeviceIds: required(list(id, { min: 1, max: ITEMS_PER_CALL_MAX })) },
    (input) => {
      const tracker = trackerOf(location, input);
      const nowMs = location.clock.nowMs();
      const latest = input.DeviceIds.flatMap(
        (deviceId) => location.positions.latest(tracker.id, deviceId, nowMs) ?? [],
      );
      return { DevicePositions: latest.map(describePosition), Errors: [] };
    },
  );
