/** BatchPutGeofence. A fence that cannot be taken is refused by itself. */
import { list, required, structure } from '../../wire/shape.ts';
import type { NewGeofence } from '../geofences.ts';
import { readGeometry } from '../geometries.ts';
import { ITEMS_PER_CALL_MAX } from '../limits.ts';
import { collectionOf, type Location } from '../location.ts';
import { type ItemFault, invalidItem } from '../refusals.ts';
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
      const errors: { readonly GeofenceId: string; readonly Error: ItemFault }[] = [];
      const taken: NewGeofence[] = [];
      const added = new Set<string>();
      for (const { GeofenceId, Geometry, GeofenceProperties: properties = {} } of input.Entries) {
        const read = readGeometry(Geometry);
        if (read.kind === 'refused') {
          errors.push({ GeofenceId, Error: invalidItem(read.why) });
          continue;
        }
        if (geofences.byGeofenceId(collection.id, GeofenceId) === undefined) added.add(GeofenceId);
        if (geofences.count(collection.id) + added.size > quotas.geofencesPerCollectionMax) {
          added.delete(GeofenceId);
          // The service has no code for a quota that one item of a batch is beyond.
          const why = `A geofence collection has ${quotas.geofencesPerCollectionMax} geofences at most`;
          errors.push({ GeofenceId, Error: invalidItem(why) });
          continue;
        }
        taken.push({ geofenceId: GeofenceId, geometry: read.geometry, properties });
      }
      const stored = geofences.put(collection.id, taken, clock.nowMs());
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
