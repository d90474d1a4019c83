/**
 * CreateGeofenceCollection. Description, tags and key are validated and not stored: no operation served here
 * returns them.
 */
import { collectionExists, quotaExceeded } from '../errors.ts';
import { collectionArn, type Location } from '../location.ts';
import { operation } from '../rest-json.ts';
import { collectionName, description, kmsKeyId, pricingPlan, tags } from '../shapes.ts';

export const createGeofenceCollection = (location: Location) =>
  operation(
    'POST /geofencing/v0/collections',
    { ...collectionName, ...description, ...tags, ...kmsKeyId, ...pricingPlan },
    ({ CollectionName }) => {
      const { clock, collections, quotas } = location;
      if (collections.byName(CollectionName) !== undefined) throw collectionExists(CollectionName);
      if (collections.count() >= quotas.collectionsMax) {
        throw quotaExceeded(`An account has ${quotas.collectionsMax} geofence collections at most`);
      }
      collections.create(CollectionName);
      return {
        CollectionName,
        CollectionArn: collectionArn(location, CollectionName),
        CreateTime: new Date(clock.nowMs()),
      };
    },
  );
