/** BatchPutGeofence. An invalid entry is rejected without failing the others. */
import { list, required, structure } from '../../wire/shape.ts';
import { type ItemError, invalidItem } from '../errors.ts';
import type { NewGeofence } from '../geofences.ts';
import { parseGeometry } from '../geometries.ts';
import { ITEMS_PER_CALL_MAX } from '../limits.ts';
import { collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName, geofenceProperties, geometry, id } from '../shapes.ts';

const entries = required(
  list(required(structure({ GeofenceId: id, Geometry: geometry, ...geofenceProperties })), {
    min: 1,
    max: ITEMS_PER_CALL_MAX,
  }),
);

export const batchPutGeofence = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections/{CollectionName}/put-geofences',
    { ...collectionName, Entries: entries },
    (input) => {
      const { clock, geofences, quotas } = location;
      const collection = collectionOf(location, input);
      const errors: { readonly GeofenceId: string; readonly Error: ItemError }[] = [];
      const accepted: NewGeofence[] = [];
      const added = new Set<string>();
      for (const { GeofenceId, Geometry, GeofenceProperties: properties = {} } of input.Entries) {
        const parsed = parseGeometry(Geometry);
        if (parsed.kind === 'invalid') {
          errors.push({ GeofenceId, Error: invalidItem(parsed.reason) });
          continue;
        }
        if (geofences.byGeofenceId(collection.id, GeofenceId) === undefined) added.add(GeofenceId);
        if (geofences.count(collection.id) + added.size > quotas.geofencesPerCollectionMax) {
          added.delete(GeofenceId);
          // AWS has no error code for an item of a batch that exceeds a quota.
          const reason = `A geofence collection has ${quotas.geofencesPerCollectionMax} geofences at most`;
          errors.push({ GeofenceId, Error: invalidItem(reason) });
          continue;
        }
        accepted.push({ geofenceId: GeofenceId, geometry: parsed.geometry, properties });
      }
      const stored = geofences.put(collection.id, accepted, clock.nowMs());
      return {
        Successes: stored.map(({ geofenceId, createdAtMs, updatedAtMs }) => ({
          GeofenceId: geofenceId,
          CreateTime: new Date(createdAtMs),
          UpdateTime: new Date(updatedAtMs),
        })),
        Errors: errors,
      };
    },
  );
