/** Fences and positions as answers show them. */
import { describeUpdate } from './device-update.ts';
import type { Geofence } from './geofences.ts';
import { describeGeometry } from './geometries.ts';
import type { StoredPosition } from './positions.ts';

export function describeGeofence({ geofenceId, geometry, properties, createdAtMs, updatedAtMs }: Geofence) {
  return {
    GeofenceId: geofenceId,
    Geometry: describeGeometry(geometry),
    // Indexed as soon as it is put, so it is never PENDING, and once deleted it is gone.
    Status: 'ACTIVE',
    CreateTime: new Date(createdAtMs),
    UpdateTime: new Date(updatedAtMs),
    ...(Object.keys(properties).length > 0 && { GeofenceProperties: properties }),
  };
}

export function describePosition(position: StoredPosition) {
  return { ...describeUpdate(position), ReceivedTime: new Date(position.receivedAtMs) };
}
