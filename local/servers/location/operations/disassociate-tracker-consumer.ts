/** DisassociateTrackerConsumer. */
import { required } from '../../wire/shape.ts';
import { collectionOfArn, type Location, trackerOf } from '../location.ts';
import { consumerNotFound } from '../refusals.ts';
import { operation } from '../rest-json.ts';
import { arn, trackerName } from '../shapes.ts';

export const disassociateTrackerConsumer = (location: Location) =>
  operation(
    'DELETE /tracking/v0/trackers/{TrackerName}/consumers/{ConsumerArn}',
    { ...trackerName, ConsumerArn: required(arn) },
    (input) => {
      const { trackers } = location;
      const tracker = trackerOf(location, input);
      const collection = collectionOfArn(location, input.ConsumerArn);
      const consumer = trackers
        .consumers(tracker.id)
        .find(({ collectionId }) => collectionId === collection?.id);
      if (consumer === undefined) throw consumerNotFound(input.ConsumerArn);
      trackers.unlink(consumer);
      return {};
    },
  );
