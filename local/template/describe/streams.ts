/** Kinesis streams. An on-demand stream has no shard count; the server gives it AWS's initial four. */
import * as v from 'valibot';
import type { StreamDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';
import { CfnNumber, parseProperties } from './properties.ts';

const RETENTION_HOURS_DEFAULT = 24;

const StreamProperties = v.object({
  ShardCount: v.optional(CfnNumber),
  RetentionPeriodHours: v.optional(CfnNumber, RETENTION_HOURS_DEFAULT),
});

/** Returns the streams. */
export function describeStreams(stacks: ResolvedStacks): StreamDescription[] {
  return stacks.all('AWS::Kinesis::Stream').map((resource) => {
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
