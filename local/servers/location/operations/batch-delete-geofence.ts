/** BatchDeleteGeofence. It publishes no exit of the devices inside, as on AWS. */
import { list, required } from '../../wire/shape.ts';
import type { ItemError } from '../errors.ts';
import { ITEMS_PER_CALL_MAX } from '../limits.ts';
import { collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName, id } from '../shapes.ts';

export const batchDeleteGeofence = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections/{CollectionName}/delete-geofences',
    { ...collectionName, GeofenceIds: required(list(id, { min: 1, max: ITEMS_PER_CALL_MAX })) },
    (input) => {
      const { geofences } = location;
      const collection = collectionOf(location, input);
      const exists = (geofenceId: string) => geofences.byGeofenceId(collection.id, geofenceId) !== undefined;
      const errors = input.GeofenceIds.filter((geofenceId) => !exists(geofenceId)).map((GeofenceId) => ({
        GeofenceId,
        Error: {
          Code: 'ResourceNotFoundError',
          Message: `Geofence not found: ${GeofenceId}.`,
        } satisfies ItemError,
      }));
      geofences.delete(collection.id, input.GeofenceIds);
      return { Errors: errors };
    },
  );
