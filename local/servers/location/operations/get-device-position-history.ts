/**
 * GetDevicePositionHistory: in the order of sample times, of the last 24 hours unless the request gives a
 * period.
 */
import { describePosition } from '../descriptions.ts';
import { invalidField } from '../errors.ts';
import { HISTORY_MS_DEFAULT } from '../limits.ts';
import { type Location, trackerOf } from '../location.ts';
import { readPage } from '../paging.ts';
import { operation } from '../rest-json.ts';
import { id, page, time, trackerName } from '../shapes.ts';

export const getDevicePositionHistory = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/devices/{DeviceId}/list-positions',
    { ...trackerName, DeviceId: id, StartTimeInclusive: time, EndTimeExclusive: time, ...page },
    (input) => {
      const tracker = trackerOf(location, input);
      const nowMs = location.clock.nowMs();
      const { DeviceId, StartTimeInclusive: fromMs = nowMs - HISTORY_MS_DEFAULT } = input;
      const { EndTimeExclusive: toMs = nowMs } = input;
      if (fromMs >= toMs) {
        throw invalidField('startTimeInclusive', 'StartTimeInclusive must be before EndTimeExclusive');
      }
      const { rows, nextToken } = readPage(
        `history-${tracker.id}-${DeviceId}`,
        input,
        (after, countMax) => {
          const rest = { fromMs: after === undefined ? fromMs : Number(after) + 1, toMs };
          return location.positions.history(tracker.id, DeviceId, rest, countMax, nowMs);
        },
        ({ sampledAtMs }) => String(sampledAtMs),
      );
      return { DevicePositions: rows.map(describePosition), NextToken: nextToken };
    },
  );
