/**
 * CreateTracker. Description, tags and key are validated and not stored: no operation served here returns
 * them.
 */
import { flag } from '../../wire/shape.ts';
import { quotaExceeded, trackerExists } from '../errors.ts';
import { type Location, trackerArn } from '../location.ts';
import { operation } from '../rest-json.ts';
import { description, kmsKeyId, positionFiltering, pricingPlan, tags, trackerName } from '../shapes.ts';

export const createTracker = (location: Location) =>
  operation(
    'POST /tracking/v0/trackers',
    {
      ...trackerName,
      ...description,
      ...tags,
      ...kmsKeyId,
      ...pricingPlan,
      ...positionFiltering,
      EventBridgeEnabled: flag(),
    },
    (input) => {
      const { clock, quotas, trackers } = location;
      const { TrackerName, PositionFiltering = 'TimeBased', EventBridgeEnabled = false } = input;
      if (trackers.byName(TrackerName) !== undefined) throw trackerExists(TrackerName);
      if (trackers.count() >= quotas.trackersMax) {
        throw quotaExceeded(`An account has ${quotas.trackersMax} trackers at most`);
      }
      trackers.create({
        name: TrackerName,
        filtering: PositionFiltering,
        publishesUpdates: EventBridgeEnabled,
      });
      return {
        TrackerName,
        TrackerArn: trackerArn(location, TrackerName),
        CreateTime: new Date(clock.nowMs()),
      };
    },
  );
