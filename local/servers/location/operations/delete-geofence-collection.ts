/** DeleteGeofenceCollection, with its fences. Trackers that were linked to it go on without. */
import { collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName } from '../shapes.ts';

export const deleteGeofenceCollection = (location: Location) =>
  operation('DELETE /geofencing/v0/collections/{CollectionName}', collectionName, (input) => {
    const collection = collectionOf(location, input);
    location.collections.delete(collection);
    location.geofences.forget(collection.id);
    return {};
  });
