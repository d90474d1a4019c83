/** Starts what makes functions run by themselves: event source mappings, schedules and rules, as the template has them. */

import type { Mapping } from '../event-sources/event-source.ts';
import { type Schedule, startSchedules } from '../event-sources/eventbridge/schedules.ts';
import type { CheckpointStore } from '../event-sources/kinesis/checkpoints.ts';
import { startKinesisMapping } from '../event-sources/kinesis/mapping.ts';
import { startSqsMapping } from '../event-sources/sqs/mapping.ts';
import type { CloudDescription, MappingDescription } from '../template/description.ts';
import type { Clients } from './clients.ts';
import { type Events, openEvents } from './event-targets.ts';
import type { Functions } from './start-functions.ts';

export interface EventSourcesSetup {
  readonly cloud: CloudDescription;
  readonly clients: Clients;
  readonly functions: Functions;
  readonly checkpoints: CheckpointStore;
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** Where a template sets no limit, SQS mappings stop adding pollers here; a laptop has no thousand sandboxes. */
const SQS_CONCURRENCY_MAX = 5;
const UNLIMITED = -1;

export interface EventSources extends Mapping {
  /** Publishes an event to the rules whose patterns match it. */
  put(event: unknown): void;
  /** Runs the schedules of a function now; see `Cloud.runSchedule`. */
  runSchedule(functionFolder: string): Promise<void>;
}

export function startEventSources(setup: EventSourcesSetup): EventSources {
  const { cloud } = setup;
  const events = openEvents(setup);
  const mappings = cloud.mappings
    .filter(({ enabled }) => enabled)
    .map((mapping) => startMapping(mapping, setup));
  const schedules = startSchedules(schedulesOf(cloud, events));
  const rules = events.startRules();
  const running = [...mappings, schedules, rules];
  return {
    put: rules.put,
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

function schedulesOf(cloud: CloudDescription, events: Events): Schedule[] {
  return cloud.schedules
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, expression, targets }) =>
      targets.map(({ functionName, input }) => ({
        name,
        functionName,
        expression,
        ...(input !== undefined && { input }),
        ...events.targetOf(functionName),
      })),
    );
}

function startMapping(mapping: MappingDescription, setup: EventSourcesSetup): Mapping {
  const { cloud, clients, functions, checkpoints } = setup;
  const { functionName, batchSize, batchingWindowMs, reportBatchItemFailures, sourceArn } = mapping;
  const common = { functionName, batchSize, batchingWindowMs, reportBatchItemFailures };
  const deps = {
    invoke: (event: unknown) => functions.invoke(functionName, event),
    onTrouble: setup.onTrouble,
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
  return startKinesisMapping(config, { ...deps, checkpoints, kinesis: clients.kinesis, sqs: clients.sqs });
}
