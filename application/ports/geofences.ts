/** Port: the geofences of the stores. */

import type { GeofenceGeometry } from '#domain/chain/geometry.ts';
import type { NotAccepted } from './not-accepted.ts';

export interface Geofence {
  readonly fenceId: string;
  readonly geometry: GeofenceGeometry;
  /** At most three; they come along with every event of the fence. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A fence that was not put, or not removed. */
export interface RefusedGeofence extends Omit<NotAccepted, 'index'> {
  readonly fenceId: string;
}

export interface GeofenceCollection {
  list(): AsyncIterable<Geofence>;
  /** Answers which were not put. Rings may be wound either way. */
  put(fences: readonly Geofence[]): Promise<RefusedGeofence[]>;
  /** Answers which are still there. One that was not there is removed. */
  remove(fenceIds: readonly string[]): Promise<RefusedGeofence[]>;
}
