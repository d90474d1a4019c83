/** BatchUpdateDevicePosition: filtered, kept, and held against the linked collections, each position as if it came alone. */
import { readUpdates } from '../device-update.ts';
import { type Location, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { devicePositionUpdates, trackerName } from '../shapes.ts';
import { track } from '../track.ts';

export const batchUpdateDevicePosition = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/positions',
    { ...trackerName, Updates: devicePositionUpdates },
    (input) => {
      const tracker = trackerOf(location, input);
      const { updates, errors } = readUpdates(input.Updates);
      const nowMs = location.clock.nowMs();
      location.sweep(nowMs);
      const events = location.together(() => track(location, tracker, updates, nowMs));
      for (const event of events) location.onEvent(event);
      return { Errors: errors };
    },
  );
