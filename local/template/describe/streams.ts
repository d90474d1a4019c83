/** Kinesis streams. An on-demand stream says no shard count; the server gives it the four AWS does. */
import * as v from 'valibot';
import type { StreamDescription } from '../description.ts';
import type { World } from '../world.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const RETENTION_HOURS_DEFAULT = 24;

const StreamProperties = v.object({
  ShardCount: v.optional(CfnNumber),
  RetentionPeriodHours: v.optional(CfnNumber, RETENTION_HOURS_DEFAULT),
});

export function describeStreams(world: World): StreamDescription[] {
  return world.all('AWS::Kinesis::Stream').map((resource) => {
    const { ShardCount, RetentionPeriodHours } = parseProperties(StreamProperties, resource);
    return {
      logicalId: resource.logicalId,
      streamName: resource.identity.ref,
      arn: resource.identity.attribute('Arn') ?? '',
      retentionHours: RetentionPeriodHours,
      ...(ShardCount !== undefined && { shardCount: ShardCount }),
    };
  });
}
