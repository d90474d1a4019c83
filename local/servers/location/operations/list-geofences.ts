/** ListGeofences: in the order of their first put. */
import { describeGeofence } from '../descriptions.ts';
import { collectionOf, type Location } from '../location.ts';
import { readPage } from '../paging.ts';
import { operation } from '../rest-json.ts';
import { collectionName, page } from '../shapes.ts';

export const listGeofences = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections/{CollectionName}/list-geofences',
    { ...collectionName, ...page },
    (input) => {
      const { id } = collectionOf(location, input);
      const { rows, nextToken } = readPage(
        `geofences-${id}`,
        input,
        (after = '0', countMax) => location.geofences.after(id, Number(after), countMax),
        (row) => String(row.id),
      );
      return { Entries: rows.map(describeGeofence), NextToken: nextToken };
    },
  );
