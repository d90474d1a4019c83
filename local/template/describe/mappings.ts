/** Event source mappings: the function that reads a stream or a queue, and the rules of its batches. */
import * as v from 'valibot';
import type {
  KinesisMappingDescription,
  MappingDescription,
  QueueDescription,
  SqsMappingDescription,
  StreamDescription,
} from '../description.ts';
import type { ResolvedResource, ResolvedStacks } from '../resolved-stacks.ts';
import { CfnBoolean, CfnNumber, parseProperties } from './properties.ts';
import { functionNameOf } from './references.ts';

/** AWS's defaults. */
const BATCH_SIZE_DEFAULT = { kinesis: 100, sqs: 10 } as const;
/** A template's notation of "no limit". */
const UNLIMITED = -1;

const MappingProperties = v.object({
  FunctionName: v.string(),
  EventSourceArn: v.string(),
  Enabled: v.optional(CfnBoolean, true),
  BatchSize: v.optional(CfnNumber),
  MaximumBatchingWindowInSeconds: v.optional(CfnNumber, 0),
  FunctionResponseTypes: v.optional(v.array(v.string()), []),
  StartingPosition: v.optional(v.picklist(['TRIM_HORIZON', 'LATEST']), 'LATEST'),
  BisectBatchOnFunctionError: v.optional(CfnBoolean, false),
  MaximumRetryAttempts: v.optional(CfnNumber, UNLIMITED),
  MaximumRecordAgeInSeconds: v.optional(CfnNumber, UNLIMITED),
  ParallelizationFactor: v.optional(CfnNumber, 1),
  DestinationConfig: v.optional(v.object({ OnFailure: v.optional(v.object({ Destination: v.string() })) })),
  ScalingConfig: v.optional(v.object({ MaximumConcurrency: v.optional(CfnNumber) })),
  // Ignoring a filter would send a function records that it never receives on AWS.
  FilterCriteria: v.optional(v.never('event filters are not run locally')),
});

type Properties = v.InferOutput<typeof MappingProperties>;

/** Returns the mappings; throws where the source of one does not run locally. */
export function describeMappings(
  stacks: ResolvedStacks,
  streams: readonly StreamDescription[],
  queues: readonly QueueDescription[],
): MappingDescription[] {
  return stacks.all('AWS::Lambda::EventSourceMapping').map((resource) => {
    const properties = parseProperties(MappingProperties, resource);
    const stream = streams.find(({ arn }) => arn === properties.EventSourceArn);
    if (stream) return kinesisMapping(resource, properties, stream);
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    if (queue) return sqsMapping(resource, properties, queue);
    throw new Error(
      `${resource.stack}/${resource.logicalId}: no local event source is ${properties.EventSourceArn}`,
    );
  });
}

function kinesisMapping(
  resource: ResolvedResource,
  properties: Properties,
  stream: StreamDescription,
): KinesisMappingDescription {
  const onFailureQueueArn = properties.DestinationConfig?.OnFailure?.Destination;
  return {
    kind: 'kinesis',
    ...common(resource, properties, BATCH_SIZE_DEFAULT.kinesis),
    streamName: stream.streamName,
    startingPosition: properties.StartingPosition,
    bisectOnError: properties.BisectBatchOnFunctionError,
    parallelizationFactor: properties.ParallelizationFactor,
    ...(properties.MaximumRetryAttempts !== UNLIMITED && { retriesMax: properties.MaximumRetryAttempts }),
    ...(properties.MaximumRecordAgeInSeconds !== UNLIMITED && {
      recordAgeMaxMs: properties.MaximumRecordAgeInSeconds * 1000,
    }),
    ...(onFailureQueueArn !== undefined && { onFailureQueueArn }),
  };
}

function sqsMapping(
  resource: ResolvedResource,
  properties: Properties,
  queue: QueueDescription,
): SqsMappingDescription {
  const concurrencyMax = properties.ScalingConfig?.MaximumConcurrency;
  return {
    kind: 'sqs',
    ...common(resource, properties, BATCH_SIZE_DEFAULT.sqs),
    queueUrl: queue.url,
    ...(concurrencyMax !== undefined && { concurrencyMax }),
  };
}

function common(resource: ResolvedResource, properties: Properties, batchSizeDefault: number) {
  return {
    id: `${resource.stack}-${resource.logicalId}`,
    functionName: functionNameOf(properties.FunctionName),
    sourceArn: properties.EventSourceArn,
    enabled: properties.Enabled,
    batchSize: properties.BatchSize ?? batchSizeDefault,
    batchingWindowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
}
