/**
 * Amazon Location's trackers, geofence collections, and the links that evaluate a tracker's positions against
 * a collection.
 */
import * as v from 'valibot';
import type {
  FenceCollectionDescription,
  TrackerConsumerDescription,
  TrackerDescription,
} from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { CfnBoolean, parseProperties } from './properties.ts';

const TrackerProperties = v.object({
  PositionFiltering: v.optional(v.picklist(['TimeBased', 'DistanceBased', 'AccuracyBased']), 'TimeBased'),
  EventBridgeEnabled: v.optional(CfnBoolean, false),
});

const ConsumerProperties = v.object({ TrackerName: v.string(), ConsumerArn: v.string() });

/** Returns the trackers. */
export function describeTrackers(stacks: ResolvedStacks): TrackerDescription[] {
  return stacks.all('AWS::Location::Tracker').map((resource) => {
    const properties = parseProperties(TrackerProperties, resource);
    return {
      logicalId: resource.logicalId,
      trackerName: resource.identity.ref,
      arn: resource.identity.attribute('Arn') ?? '',
      positionFiltering: properties.PositionFiltering,
      publishesPositions: properties.EventBridgeEnabled,
    };
  });
}

/** Returns the geofence collections. */
export function describeFenceCollections(stacks: ResolvedStacks): FenceCollectionDescription[] {
  return stacks.all('AWS::Location::GeofenceCollection').map(({ logicalId, identity }) => ({
    logicalId,
    collectionName: identity.ref,
    arn: identity.attribute('Arn') ?? '',
  }));
}

/** Returns the links between trackers and geofence collections. */
export function describeTrackerConsumers(stacks: ResolvedStacks): TrackerConsumerDescription[] {
  return stacks.all('AWS::Location::TrackerConsumer').map((resource) => {
    const { TrackerName, ConsumerArn } = parseProperties(ConsumerProperties, resource);
    return { trackerName: TrackerName, consumerArn: ConsumerArn };
  });
}
