/** DescribeGeofenceCollection. */
import { NO_PLAN } from '../descriptions.ts';
import { collectionArn, collectionOf, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName } from '../shapes.ts';

export const describeGeofenceCollection = (location: Location) =>
  operation('GET /geofencing/v0/collections/{CollectionName}', collectionName, (input) => {
    const { id, name, description, extras, createdAtMs, updatedAtMs } = collectionOf(location, input);
    return {
      CollectionName: name,
      CollectionArn: collectionArn(location, name),
      Description: description,
      ...NO_PLAN,
      ...extras,
      CreateTime: new Date(createdAtMs),
      UpdateTime: new Date(updatedAtMs),
      GeofenceCount: location.geofences.count(id),
    };
  });
