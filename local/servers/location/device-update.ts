/** One position of a device, as it came in. Degrees are WGS-84. */
import { faultOfPoint } from '#domain/place/fence.ts';
import { type ItemFault, invalidItem } from './refusals.ts';
import type { WireUpdate } from './shapes.ts';

export interface DeviceUpdate {
  readonly deviceId: string;
  readonly sampledAtMs: number;
  readonly lng: number;
  readonly lat: number;
  readonly accuracyM?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface RefusedUpdate {
  readonly DeviceId: string;
  readonly SampleTime: string;
  readonly Error: ItemFault;
}

interface ReadUpdates {
  readonly updates: readonly DeviceUpdate[];
  readonly errors: readonly RefusedUpdate[];
}

/** A position that lies nowhere on the earth is refused by itself; the others of its call are taken. */
export function readUpdates(given: readonly WireUpdate[]): ReadUpdates {
  const updates: DeviceUpdate[] = [];
  const errors: RefusedUpdate[] = [];
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

/** What of a position is told in answers and events alike. */
export function describeUpdate({ deviceId, sampledAtMs, lng, lat, accuracyM, properties }: DeviceUpdate) {
  return {
    DeviceId: deviceId,
    SampleTime: new Date(sampledAtMs).toISOString(),
    Position: [lng, lat] as const,
    ...(accuracyM !== undefined && { Accuracy: { Horizontal: accuracyM } }),
    ...(properties !== undefined && { PositionProperties: properties }),
  };
}
