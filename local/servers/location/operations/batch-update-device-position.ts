/**
 * BatchUpdateDevicePosition: filters, stores and evaluates each position. Events are published before the
 * response.
 */
import { parseUpdates } from '../device-update.ts';
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
      const { updates, errors } = parseUpdates(input.Updates);
      const nowMs = location.clock.nowMs();
      location.sweep(nowMs);
      const events = location.atomically(() => track(location, tracker, updates, nowMs));
      for (const event of events) location.onEvent(event);
      return { Errors: errors };
    },
  );
