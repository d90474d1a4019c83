/** DescribeTracker. */
import { NO_PLAN } from '../descriptions.ts';
import { type Location, trackerArn, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { trackerName } from '../shapes.ts';

export const describeTracker = (location: Location) =>
  operation('GET /tracking/v0/trackers/{TrackerName}', trackerName, (input) => {
    const tracker = trackerOf(location, input);
    return {
      TrackerName: tracker.name,
      TrackerArn: trackerArn(location, tracker.name),
      Description: tracker.description,
      ...NO_PLAN,
      ...tracker.extras,
      PositionFiltering: tracker.filtering,
      EventBridgeEnabled: tracker.tellsUpdates,
      CreateTime: new Date(tracker.createdAtMs),
      UpdateTime: new Date(tracker.updatedAtMs),
    };
  });
