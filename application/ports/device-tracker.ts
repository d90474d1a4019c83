/** Port: positions of customers’ phones. */

import type { LngLat } from '#domain/chain/geometry.ts';
import type { NotAccepted } from './not-accepted.ts';

/** Degrees, WGS-84. */
export interface SampledPosition extends LngLat {
  readonly deviceId: string;
  /** Radius of the circle in which the phone believes itself to be. */
  readonly accuracyM?: number;
  /** By the phone's own clock. */
  readonly sampledAtMs: number;
}

/** A position that was not taken, by its place among those that were given. */
export type RefusedPosition = NotAccepted;

export interface DeviceTracker {
  /** Takes positions, of one phone in the order of time; answers which were not taken. */
  update(positions: readonly SampledPosition[]): Promise<RefusedPosition[]>;
  /** Deletes all positions of phones, or throws. */
  forget(deviceIds: readonly string[]): Promise<void>;
  /** The newest position by the phone's clock. */
  latest(deviceId: string): Promise<SampledPosition | undefined>;
  /** The positions of a stretch of time, its end not included, in the order of time. */
  history(deviceId: string, fromMs: number, toMs: number): Promise<SampledPosition[]>;
}
