/** Port: the geofences of the stores. */

import type { GeofenceGeometry } from '#domain/chain/geometry.ts';
import type { NotAccepted } from './not-accepted.ts';

export interface Geofence {
  readonly fenceId: string;
  readonly geometry: GeofenceGeometry;
  /** At most three; included in every event of the fence. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A geofence that was not stored or not removed. */
export interface RefusedGeofence extends Omit<NotAccepted, 'index'> {
  readonly fenceId: string;
}

export interface GeofenceCollection {
  list(): AsyncIterable<Geofence>;
  /** Stores geofences and returns those that were rejected. Rings may have either winding. */
  put(fences: readonly Geofence[]): Promise<RefusedGeofence[]>;
  /** Removes geofences and returns those that remain. A geofence that does not exist counts as removed. */
  remove(fenceIds: readonly string[]): Promise<RefusedGeofence[]>;
}
