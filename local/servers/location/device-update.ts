/** A position of a device as a request carries it. Degrees are WGS-84. */
import { faultOfPoint } from '#domain/place/geo/geofence.ts';
import { type ItemError, invalidItem } from './errors.ts';
import type { WireUpdate } from './shapes.ts';

export interface DeviceUpdate {
  readonly deviceId: string;
  readonly sampledAtMs: number;
  readonly lng: number;
  readonly lat: number;
  readonly accuracyM?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface RejectedUpdate {
  readonly DeviceId: string;
  readonly SampleTime: string;
  readonly Error: ItemError;
}

interface ParsedUpdates {
  readonly updates: readonly DeviceUpdate[];
  readonly errors: readonly RejectedUpdate[];
}

/**
 * Returns the valid positions of a call and an error for each whose coordinates are out of range, as AWS
 * does.
 */
export function parseUpdates(given: readonly WireUpdate[]): ParsedUpdates {
  const updates: DeviceUpdate[] = [];
  const errors: RejectedUpdate[] = [];
  for (const { DeviceId, SampleTime, Position, Accuracy, PositionProperties: properties } of given) {
    const [lng = 0, lat = 0] = Position;
    const fault = faultOfPoint({ lng, lat });
    if (fault !== undefined) {
      errors.push({ DeviceId, SampleTime: new Date(SampleTime).toISOString(), Error: invalidItem(fault) });
      continue;
    }
    updates.push({
      deviceId: DeviceId,
      sampledAtMs: SampleTime,
      lng,
      lat,
      ...(Accuracy !== undefined && { accuracyM: Accuracy.Horizontal }),
      ...(properties !== undefined && { properties }),
    });
  }
  return { updates, errors };
}

/** Returns the members of a position that responses and events have in common. */
export function describeUpdate({ deviceId, sampledAtMs, lng, lat, accuracyM, properties }: DeviceUpdate) {
  return {
    DeviceId: deviceId,
    SampleTime: new Date(sampledAtMs).toISOString(),
    Position: [lng, lat] as const,
    ...(accuracyM !== undefined && { Accuracy: { Horizontal: accuracyM } }),
    ...(properties !== undefined && { PositionProperties: properties }),
  };
}
