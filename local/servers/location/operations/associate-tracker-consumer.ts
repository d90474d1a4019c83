/** AssociateTrackerConsumer: the tracker's positions are evaluated against the collection from now on. */
import { required } from '../../wire/shape.ts';
import { collectionNotFound, consumerExists, quotaExceeded } from '../errors.ts';
import { collectionOfArn, type Location, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { arn, trackerName } from '../shapes.ts';

export const associateTrackerConsumer = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/consumers',
    { ...trackerName, ConsumerArn: required(arn) },
    (input) => {
      const { quotas, trackers } = location;
      const tracker = trackerOf(location, input);
      const collection = collectionOfArn(location, input.ConsumerArn);
      if (collection === undefined) throw collectionNotFound(input.ConsumerArn);
      const consumers = trackers.consumers(tracker.id);
      if (consumers.some(({ collectionId }) => collectionId === collection.id)) {
        throw consumerExists(input.ConsumerArn);
      }
      if (consumers.length >= quotas.consumersPerTrackerMax) {
        throw quotaExceeded(`A tracker has ${quotas.consumersPerTrackerMax} consumers at most`);
      }
      trackers.link(tracker.id, collection.id);
      return {};
    },
  );
