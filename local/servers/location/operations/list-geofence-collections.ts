/** ListGeofenceCollections, in the order they were created in. */
import { NO_PLAN } from '../descriptions.ts';
import type { Location } from '../location.ts';
import { readNumberedPage } from '../page-tokens.ts';
import { operation } from '../rest-json.ts';
import { page } from '../shapes.ts';

export const listGeofenceCollections = ({ collections }: Location) =>
  operation('POST /geofencing/v0/list-collections', page, (input) => {
    const { rows, nextToken } = readNumberedPage('collections', input, collections.after);
    return {
      Entries: rows.map(({ name, description, createdAtMs, updatedAtMs }) => ({
        CollectionName: name,
        Description: description,
        ...NO_PLAN,
        CreateTime: new Date(createdAtMs),
        UpdateTime: new Date(updatedAtMs),
      })),
      NextToken: nextToken,
    };
  });
