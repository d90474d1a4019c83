/** ListGeofences, in the order they were first put in. */
import { describeGeofence } from '../descriptions.ts';
import { collectionOf, type Location } from '../location.ts';
import { readNumberedPage } from '../page-tokens.ts';
import { operation } from '../rest-json.ts';
import { collectionName, page } from '../shapes.ts';

export const listGeofences = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections/{CollectionName}/list-geofences',
    { ...collectionName, ...page },
    (input) => {
      const { id } = collectionOf(location, input);
      const { rows, nextToken } = readNumberedPage(`geofences-${id}`, input, (afterId, countMax) =>
        location.geofences.after(id, afterId, countMax),
      );
      return { Entries: rows.map(describeGeofence), NextToken: nextToken };
    },
  );
