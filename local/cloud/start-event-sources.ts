/**
 * Starts what invokes functions without a request: the event source mappings, schedules and rules of the
 * template.
 */

import type { EventSource } from '../event-sources/event-source.ts';
import { type Schedule, startSchedules } from '../event-sources/eventbridge/schedules.ts';
import { sqsFailureQueue } from '../event-sources/failure-queue.ts';
import type { CheckpointStore } from '../event-sources/kinesis/checkpoints.ts';
import { startKinesisMapping } from '../event-sources/kinesis/mapping.ts';
import { startSqsMapping } from '../event-sources/sqs/mapping.ts';
import type { CloudDescription, MappingDescription } from '../template/description.ts';
import type { Clients } from './clients.ts';
import { type EventTargets, openEventTargets } from './event-targets.ts';
import type { Functions } from './start-functions.ts';

export interface EventSourcesSetup {
  readonly cloud: CloudDescription;
  readonly clients: Clients;
  readonly functions: Functions;
  readonly checkpoints: CheckpointStore;
  readonly onError: (what: string, error: unknown) => void;
}

/** The concurrency of an SQS mapping for which the template sets none: a laptop has no thousand sandboxes. */
const SQS_CONCURRENCY_MAX = 5;
const UNLIMITED = -1;

export interface EventSources extends EventSource {
  /** Publishes an event to the rules whose patterns match it. */
  publish(event: unknown): void;
  /** @see Cloud.runSchedule */
  runSchedule(functionFolder: string): Promise<void>;
}

/** Starts them all; throws where a rule or a schedule cannot run locally. */
export function startEventSources(setup: EventSourcesSetup): EventSources {
  const { cloud } = setup;
  const eventTargets = openEventTargets(setup);
  const mappings = cloud.mappings
    .filter(({ enabled }) => enabled)
    .map((mapping) => startMapping(mapping, setup));
  const schedules = startSchedules(schedulesOf(cloud, eventTargets));
  const rules = eventTargets.startRules();
  const running = [...mappings, schedules, rules];
  return {
    publish: rules.publish,
    async runSchedule(functionFolder) {
      const functionName = cloud.functions.find(({ folder }) => folder === functionFolder)?.name;
      if (functionName === undefined) throw new Error(`the template has no function ${functionFolder}`);
      await schedules.runNow(functionName);
    },
    async close() {
      await Promise.all(running.map((one) => one.close()));
    },
  };
}

function schedulesOf(cloud: CloudDescription, eventTargets: EventTargets): Schedule[] {
  return cloud.schedules
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, expression, targets }) =>
      targets.map(({ functionName, input }) => ({
        name,
        functionName,
        expression,
        ...(input !== undefined && { input }),
        ...eventTargets.targetOf(functionName),
      })),
    );
}

function startMapping(mapping: MappingDescription, setup: EventSourcesSetup): EventSource {
  const { cloud, clients, functions, checkpoints } = setup;
  const { functionName, batchSize, batchingWindowMs, reportBatchItemFailures, sourceArn } = mapping;
  const common = { functionName, batchSize, batchingWindowMs, reportBatchItemFailures };
  const deps = {
    invoke: (event: unknown) => functions.invoke(functionName, event),
    onError: setup.onError,
  };
  if (mapping.kind === 'sqs') {
    const config = {
      ...common,
      queueUrl: mapping.queueUrl,
      queueArn: sourceArn,
      maximumConcurrency: mapping.concurrencyMax ?? SQS_CONCURRENCY_MAX,
    };
    return startSqsMapping(config, { ...deps, sqs: clients.sqs });
  }
  const onFailureQueueUrl = cloud.queues.find(({ arn }) => arn === mapping.onFailureQueueArn)?.url;
  const config = {
    ...common,
    uuid: mapping.id,
    streamName: mapping.streamName,
    streamArn: sourceArn,
    startingPosition: mapping.startingPosition,
    parallelizationFactor: mapping.parallelizationFactor,
    bisectBatchOnFunctionError: mapping.bisectOnError,
    maximumRetryAttempts: mapping.retriesMax ?? UNLIMITED,
    maximumRecordAgeSeconds: mapping.recordAgeMaxMs === undefined ? UNLIMITED : mapping.recordAgeMaxMs / 1000,
    ...(onFailureQueueUrl !== undefined && { onFailureQueueUrl }),
  };
  return startKinesisMapping(config, {
    ...deps,
    checkpoints,
    kinesis: clients.kinesis,
    failureQueue: sqsFailureQueue(clients.sqs),
  });
}
