/** PutGeofence: adds a geofence, or replaces the geometry and the properties of an existing one. */
import { invalidField, quotaExceeded } from '../errors.ts';
import { parseGeometry } from '../geometries.ts';
import { collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName, geofenceProperties, geometry, id } from '../shapes.ts';

export const putGeofence = (location: Location) =>
  operation(
    'PUT /geofencing/v0/collections/{CollectionName}/geofences/{GeofenceId}',
    { ...collectionName, GeofenceId: id, Geometry: geometry, ...geofenceProperties },
    (input) => {
      const { clock, geofences, quotas } = location;
      const { GeofenceId: geofenceId, GeofenceProperties: properties = {} } = input;
      const collection = collectionOf(location, input);
      const parsed = parseGeometry(input.Geometry);
      if (parsed.kind === 'invalid') throw invalidField('geometry', parsed.reason);
      const isNew = geofences.byGeofenceId(collection.id, geofenceId) === undefined;
      if (isNew && geofences.count(collection.id) >= quotas.geofencesPerCollectionMax) {
        throw quotaExceeded(
          `A geofence collection has ${quotas.geofencesPerCollectionMax} geofences at most`,
        );
      }
      const put = { geofenceId, geometry: parsed.geometry, properties };
      const [stored] = geofences.put(collection.id, [put], clock.nowMs());
      if (stored === undefined) throw new Error('the put geofence was not returned');
      return {
        GeofenceId: stored.geofenceId,
        CreateTime: new Date(stored.createdAtMs),
        UpdateTime: new Date(stored.updatedAtMs),
      };
    },
  );
