/** CreateTracker. */
import { flag } from '../../wire/shape.ts';
import { type Location, trackerArn } from '../location.ts';
import { quotaExceeded, trackerExists } from '../refusals.ts';
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
      const { TrackerName, Description = '', Tags = {}, KmsKeyId } = input;
      if (trackers.byName(TrackerName) !== undefined) throw trackerExists(TrackerName);
      if (trackers.count() >= quotas.trackersMax) {
        throw quotaExceeded(`An account has ${quotas.trackersMax} trackers at most`);
      }
      const createdAtMs = clock.nowMs();
      trackers.create({
        name: TrackerName,
        description: Description,
        filtering: input.PositionFiltering ?? 'TimeBased',
        tellsUpdates: input.EventBridgeEnabled ?? false,
        extras: { Tags, ...(KmsKeyId !== undefined && { KmsKeyId }) },
        createdAtMs,
      });
      return {
        TrackerName,
        TrackerArn: trackerArn(location, TrackerName),
        CreateTime: new Date(createdAtMs),
      };
    },
  );
