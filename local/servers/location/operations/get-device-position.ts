/** GetDevicePosition: the newest by sample time, whenever it came in. */
import { describePosition } from '../descriptions.ts';
import { type Location, trackerOf } from '../location.ts';
import { deviceNotFound } from '../refusals.ts';
import { operation } from '../rest-json.ts';
import { id, trackerName } from '../shapes.ts';

export const getDevicePosition = (location: Location) =>
  operation(
    'GET /tracking/v0/trackers/{TrackerName}/devices/{DeviceId}/positions/latest',
    { ...trackerName, DeviceId: id },
    (input) => {
      const tracker = trackerOf(location, input);
      const latest = location.positions.latest(tracker.id, input.DeviceId, location.clock.nowMs());
      if (latest === undefined) throw deviceNotFound();
      return describePosition(latest);
    },
  );
