/** ListTrackerConsumers, in the order they were linked in. */
import { collectionArn, type Location, trackerOf } from '../location.ts';
import { readNumberedPage } from '../page-tokens.ts';
import { operation } from '../rest-json.ts';
import { page, trackerName } from '../shapes.ts';

export const listTrackerConsumers = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers/{TrackerName}/list-consumers',
    { ...trackerName, ...page },
    (input) => {
      const tracker = trackerOf(location, input);
      const { rows, nextToken } = readNumberedPage(`consumers-${tracker.id}`, input, (afterId, countMax) =>
        location.trackers
          .consumers(tracker.id)
          .filter(({ id }) => id > afterId)
          .slice(0, countMax),
      );
      return {
        ConsumerArns: rows.map(({ collectionName }) => collectionArn(location, collectionName)),
        NextToken: nextToken,
      };
    },
  );
