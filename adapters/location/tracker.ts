/**
 * Where phones are: a tracker of Amazon Location, which keeps positions for thirty days and holds each against the fences that
 * are linked to it. Filtering is the tracker's own: a position that moved less than the phone can tell is taken and dropped.
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
import type { LngLat } from '#domain/place/fence.ts';
import { type NotTaken, sendInBatches } from './in-batches.ts';

/** Degrees, WGS-84. */
export interface SampledPosition extends LngLat {
  readonly deviceId: string;
  /** Radius of the circle in which the phone believes itself to be. */
  readonly accuracyM?: number;
  /** By the phone's own clock. */
  readonly sampledAtMs: number;
}

/** A position that was not taken, by its place among those that were given. */
export type Refused = NotTaken;

export interface LocationTracker {
  /** Takes positions, of one phone in the order of time; answers which were not taken. */
  update(positions: readonly SampledPosition[]): Promise<Refused[]>;
  /** Deletes all positions of phones, or throws. */
  forget(deviceIds: readonly string[]): Promise<void>;
  /** The newest position by the phone's clock. */
  latest(deviceId: string): Promise<SampledPosition | undefined>;
  /** The positions of a stretch of time, its end not included, in the order of time. */
  history(deviceId: string, fromMs: number, toMs: number): Promise<SampledPosition[]>;
}

/** The service's own bounds. */
const UPDATES_PER_CALL_MAX = 10;
const DEVICES_PER_DELETION_MAX = 100;

export function locationTracker(client: LocationClient, TrackerName: string): LocationTracker {
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
      // Unlike GetDevicePosition this tells a phone that is not there from a tracker that is not there.
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
    throw new Error('the tracker told a position without a place or a time');
  }
  const accuracyM = Accuracy?.Horizontal;
  return {
    deviceId,
    lng,
    lat,
    sampledAtMs: SampleTime.getTime(),
    ...(accuracyM !== undefined && { accuracyM }),
  };
}
