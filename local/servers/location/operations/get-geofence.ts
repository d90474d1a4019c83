/** GetGeofence. */
import { describeGeofence } from '../descriptions.ts';
import { collectionOf, type Location } from '../location.ts';
import { geofenceNotFound } from '../refusals.ts';
import { operation } from '../rest-json.ts';
import { collectionName, id } from '../shapes.ts';

export const getGeofence = (location: Location) =>
  operation(
    'GET /geofencing/v0/collections/{CollectionName}/geofences/{GeofenceId}',
    { ...collectionName, GeofenceId: id },
    (input) => {
      const collection = collectionOf(location, input);
      const geofence = location.geofences.byGeofenceId(collection.id, input.GeofenceId);
      if (geofence === undefined) throw geofenceNotFound(input.GeofenceId);
      return describeGeofence(geofence);
    },
  );
