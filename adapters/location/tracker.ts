/**
 * Positions of phones: a tracker of Amazon Location, which keeps positions for thirty days and evaluates each against the
 * linked geofences. Filtering is the tracker's own: a position that moved less than its accuracy is accepted and dropped.
 */

import {
  BatchDeleteDevicePositionHistoryCommand,
  BatchGetDevicePositionCommand,
  BatchUpdateDevicePositionCommand,
  type DevicePosition,
  type DevicePositionUpdate,
  type LocationClient,
  paginateGetDevicePositionHistory,
} from '@aws-sdk/client-location';
import type { DeviceTracker, SampledPosition } from '#application/ports/device-tracker.ts';
import { defined } from '#application/support/defined.ts';
import { sendInBatches } from './batch-send.ts';

/** The service's own limits. */
const UPDATES_PER_CALL_MAX = 10;
const DEVICES_PER_DELETION_MAX = 100;

export function locationTracker(client: LocationClient, TrackerName: string): DeviceTracker {
  return {
    update: (positions) =>
      sendInBatches(positions, UPDATES_PER_CALL_MAX, async (batch) => {
        const command = new BatchUpdateDevicePositionCommand({ TrackerName, Updates: batch.map(updateOf) });
        const { Errors = [] } = await client.send(command);
        return Errors.map(({ DeviceId, SampleTime, Error: error }) => ({
          isOf: ({ deviceId, sampledAtMs }) => deviceId === DeviceId && sampledAtMs === SampleTime?.getTime(),
          error,
        }));
      }),

    async forget(deviceIds) {
      const left = await sendInBatches([...new Set(deviceIds)], DEVICES_PER_DELETION_MAX, async (batch) => {
        const command = new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds: [...batch] });
        const { Errors = [] } = await client.send(command);
        return Errors.map(({ DeviceId, Error: error }) => ({ isOf: (id) => id === DeviceId, error }));
      });
      const [first] = left;
      if (first !== undefined)
        throw new Error(`positions of ${left.length} devices were not deleted: ${first.reason}`);
    },

    async latest(deviceId) {
      // Unlike GetDevicePosition this distinguishes a missing phone from a missing tracker.
      const command = new BatchGetDevicePositionCommand({ TrackerName, DeviceIds: [deviceId] });
      const { DevicePositions = [] } = await client.send(command);
      return DevicePositions.map((position) => sampledOf(deviceId, position))[0];
    },

    async history(deviceId, fromMs, toMs) {
      const pages = paginateGetDevicePositionHistory(
        { client },
        {
          TrackerName,
          DeviceId: deviceId,
          StartTimeInclusive: new Date(fromMs),
          EndTimeExclusive: new Date(toMs),
        },
      );
      const positions: SampledPosition[] = [];
      for await (const { DevicePositions = [] } of pages) {
        positions.push(...DevicePositions.map((position) => sampledOf(deviceId, position)));
      }
      return positions.sort((a, b) => a.sampledAtMs - b.sampledAtMs);
    },
  };
}

function updateOf({ deviceId, lng, lat, accuracyM, sampledAtMs }: SampledPosition): DevicePositionUpdate {
  return {
    DeviceId: deviceId,
    SampleTime: new Date(sampledAtMs),
    Position: [lng, lat],
    ...(accuracyM !== undefined && { Accuracy: { Horizontal: accuracyM } }),
  };
}

function sampledOf(deviceId: string, { SampleTime, Position, Accuracy }: DevicePosition): SampledPosition {
  const [lng, lat] = Position ?? [];
  if (lng === undefined || lat === undefined || SampleTime === undefined) {
    throw new Error('the tracker returned a position without coordinates or a time');
  }
  const accuracyM = Accuracy?.Horizontal;
  return {
    deviceId,
    lng,
    lat,
    sampledAtMs: SampleTime.getTime(),
    ...defined({ accuracyM }),
  };
}
