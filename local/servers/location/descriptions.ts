/** Geofences and positions as responses contain them. */
import { describeUpdate } from './device-update.ts';
import type { Geofence } from './geofences.ts';
import { describeGeometry } from './geometries.ts';
import type { StoredPosition } from './positions.ts';

/** Returns a geofence as ListGeofences lists it. */
export function describeGeofence({ geofenceId, geometry, properties, createdAtMs, updatedAtMs }: Geofence) {
  return {
    GeofenceId: geofenceId,
    Geometry: describeGeometry(geometry),
    // PENDING and DELETED do not occur: a put and a deletion take effect before the response.
    Status: 'ACTIVE',
    CreateTime: new Date(createdAtMs),
    UpdateTime: new Date(updatedAtMs),
    ...(Object.keys(properties).length > 0 && { GeofenceProperties: properties }),
  };
}

/** Returns a position as BatchGetDevicePosition and GetDevicePositionHistory return it. */
export function describePosition(position: StoredPosition) {
  return { ...describeUpdate(position), ReceivedTime: new Date(position.receivedAtMs) };
}
