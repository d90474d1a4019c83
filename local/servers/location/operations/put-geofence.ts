/** PutGeofence: a new fence, or a new geometry for one that is there. */
import { readGeometry } from '../geometries.ts';
import { collectionOf, type Location } from '../location.ts';
import { invalidField, quotaExceeded } from '../refusals.ts';
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
      const read = readGeometry(input.Geometry);
      if (read.kind === 'refused') throw invalidField('geometry', read.why);
      const isNew = geofences.byGeofenceId(collection.id, geofenceId) === undefined;
      if (isNew && geofences.count(collection.id) >= quotas.geofencesPerCollectionMax) {
        throw quotaExceeded(
          `A geofence collection has ${quotas.geofencesPerCollectionMax} geofences at most`,
        );
      }
      const put = { geofenceId, geometry: read.geometry, properties };
      const [stored] = geofences.put(collection.id, [put], clock.nowMs());
      if (stored === undefined) throw new Error('a geofence that was put is not there');
      return {
        GeofenceId: stored.geofenceId,
        CreateTime: new Date(stored.createdAtMs),
        UpdateTime: new Date(stored.updatedAtMs),
      };
    },
  );
