/** Event source mappings: which function reads which stream or queue, and how. */
import * as v from 'valibot';
import type {
  KinesisMappingDescription,
  MappingDescription,
  QueueDescription,
  SqsMappingDescription,
  StreamDescription,
} from '../description.ts';
import type { ResolvedResource, World } from '../world.ts';
import { functionNameOf } from './function-name.ts';
import { CfnBoolean, CfnNumber, parseProperties } from './properties.ts';

/** What AWS takes when the template does not say. */
const BATCH_SIZE_DEFAULT = { kinesis: 100, sqs: 10 } as const;
/** How a template says "without limit". */
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
  // A filter would have to be applied; better to refuse than to hand a function what it never sees on AWS.
  FilterCriteria: v.optional(v.never('event filters are not run locally')),
});

type Properties = v.InferOutput<typeof MappingProperties>;

export function describeMappings(
  world: World,
  streams: readonly StreamDescription[],
  queues: readonly QueueDescription[],
): MappingDescription[] {
  return world.all('AWS::Lambda::EventSourceMapping').map((resource) => {
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
