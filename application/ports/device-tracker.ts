/** Port: positions of customers’ phones. */

import type { LngLat } from '#domain/chain/geometry.ts';
import type { NotAccepted } from './not-accepted.ts';

/** Degrees, WGS-84. */
export interface SampledPosition extends LngLat {
  readonly deviceId: string;
  /** Radius of the horizontal accuracy reported by the phone. */
  readonly accuracyM?: number;
  /** By the phone's own clock. */
  readonly sampledAtMs: number;
}

/** A position that was not accepted, by its index in the request. */
export type RefusedPosition = NotAccepted;

export interface DeviceTracker {
  /** Stores positions, those of one phone in time order; returns the ones that were not accepted. */
  update(positions: readonly SampledPosition[]): Promise<RefusedPosition[]>;
  /** Deletes all positions of these phones; throws unless all are deleted. */
  forget(deviceIds: readonly string[]): Promise<void>;
  /** Returns the newest position by the phone's clock. */
  latest(deviceId: string): Promise<SampledPosition | undefined>;
  /** Returns the positions from `fromMs` (inclusive) to `toMs` (exclusive), in time order. */
  history(deviceId: string, fromMs: number, toMs: number): Promise<SampledPosition[]>;
}
