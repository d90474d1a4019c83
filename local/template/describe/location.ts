/** Amazon Location's trackers and collections of fences, and which tracker's positions are held against which fences. */
import * as v from 'valibot';
import type {
  FenceCollectionDescription,
  TrackerConsumerDescription,
  TrackerDescription,
} from '../description.ts';
import type { World } from '../world.ts';
import { CfnBoolean, parseProperties } from './properties.ts';

const TrackerProperties = v.object({
  PositionFiltering: v.optional(v.picklist(['TimeBased', 'DistanceBased', 'AccuracyBased']), 'TimeBased'),
  EventBridgeEnabled: v.optional(CfnBoolean, false),
});

const ConsumerProperties = v.object({ TrackerName: v.string(), ConsumerArn: v.string() });

export function describeTrackers(world: World): TrackerDescription[] {
  return world.all('AWS::Location::Tracker').map((resource) => {
    const properties = parseProperties(TrackerProperties, resource);
    return {
      logicalId: resource.logicalId,
      trackerName: resource.identity.ref,
      arn: resource.identity.attribute('Arn') ?? '',
      positionFiltering: properties.PositionFiltering,
      tellsPositions: properties.EventBridgeEnabled,
    };
  });
}

export function describeFenceCollections(world: World): FenceCollectionDescription[] {
  return world.all('AWS::Location::GeofenceCollection').map(({ logicalId, identity }) => ({
    logicalId,
    collectionName: identity.ref,
    arn: identity.attribute('Arn') ?? '',
  }));
}

export function describeTrackerConsumers(world: World): TrackerConsumerDescription[] {
  return world.all('AWS::Location::TrackerConsumer').map((resource) => {
    const { TrackerName, ConsumerArn } = parseProperties(ConsumerProperties, resource);
    return { trackerName: TrackerName, consumerArn: ConsumerArn };
  });
}
