/**
 * UpdateTracker. Members that the request omits keep their values; the change applies to the next position.
 */
import { flag } from '../../wire/shape.ts';
import { type Location, trackerArn, trackerOf } from '../location.ts';
import { operation } from '../rest-json.ts';
import { description, positionFiltering, pricingPlan, trackerName } from '../shapes.ts';

export const updateTracker = (location: Location) =>
  operation(
    'PATCH /tracking/v0/trackers/{TrackerName}',
    { ...trackerName, ...description, ...pricingPlan, ...positionFiltering, EventBridgeEnabled: flag() },
    (input) => {
      const tracker = trackerOf(location, input);
      location.trackers.update({
        ...tracker,
        filtering: input.PositionFiltering ?? tracker.filtering,
        publishesUpdates: input.EventBridgeEnabled ?? tracker.publishesUpdates,
      });
      return {
        TrackerName: tracker.name,
        TrackerArn: trackerArn(location, tracker.name),
        UpdateTime: new Date(location.clock.nowMs()),
      };
    },
  );
