/** The measures that alarms and the dashboard share, so that a graph shows the very number that woke somebody. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { DataStack } from '../stacks/data-stack.ts';
import type { IngestStack } from '../stacks/ingest-stack.ts';
import { type AisleFunction, METRICS_NAMESPACE } from './aisle-function.ts';
import type { AisleTable } from './aisle-table.ts';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** How long the oldest record of a batch had waited in the stream when the function got it, in milliseconds. */
export function ageOf(consumer: AisleFunction): Metric {
  return consumer.metric('IteratorAge', { period: MINUTE, statistic: Stats.MAXIMUM });
}

/** How long the oldest message of a queue has waited, in seconds. */
export function oldestIn(queue: Queue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period: MINUTE });
}

/** How many messages of a queue wait for somebody. */
export function waitingIn(queue: Queue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE });
}

/**
 * Events that were not counted: those the consumer itself put aside, and the batches Lambda gave up on. Both arrive
 * in the table of deadLetters, by two ways.
 */
export function deadLettersOf({ countEvents, deadLetterNotices }: IngestStack): MathExpression {
  return sumOf('letters', 'events put aside', FIVE_MINUTES, [
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: 'LettersKept',
      dimensionsMap: { service: countEvents.folder },
      period: FIVE_MINUTES,
      statistic: Stats.SUM,
    }),
    deadLetterNotices.metricNumberOfMessagesSent({ period: FIVE_MINUTES }),
  ]);
}

/** Reads and writes DynamoDB turned away on any of these tables. The clients try again, so this costs time before it costs data. */
export function throttlesOf(tables: readonly AisleTable[]): MathExpression {
  const sums = { period: FIVE_MINUTES, statistic: Stats.SUM };
  return sumOf(
    'throttles',
    'reads and writes turned away',
    FIVE_MINUTES,
    tables.flatMap((table) => [
      table.metric('ReadThrottleEvents', sums),
      table.metric('WriteThrottleEvents', sums),
    ]),
  );
}

/** DynamoDB's own failures, which it counts per table and operation: the operations on the way of a receipt, a frame and a figure. */
export function systemErrorsOf({
  chain,
  devices,
  facts,
  cells,
  deadLetters,
  visits,
  faces,
}: DataStack): MathExpression {
  const failed = (table: AisleTable, Operation: string) =>
    table.metric('SystemErrors', {
      dimensionsMap: { TableName: table.tableName, Operation },
      period: FIVE_MINUTES,
      statistic: Stats.SUM,
    });
  return sumOf('failures', "DynamoDB's own failures", FIVE_MINUTES, [
    failed(chain, 'GetItem'),
    failed(chain, 'Query'),
    failed(devices, 'GetItem'),
    failed(facts, 'PutItem'),
    failed(cells, 'UpdateItem'),
    failed(cells, 'PutItem'),
    failed(cells, 'Query'),
    failed(deadLetters, 'PutItem'),
    failed(visits, 'PutItem'),
    failed(faces, 'PutItem'),
  ]);
}

/** The most metrics an alarm may add up. */
const SUMMANDS_MAX = 10;

/**
 * Several metrics as one number; a metric nobody wrote in a period counts as nothing. `id` names the summands where
 * one graph shows several sums.
 */
export function sumOf(
  id: string,
  label: string,
  period: Duration,
  summands: readonly IMetric[],
): MathExpression {
  if (summands.length > SUMMANDS_MAX)
    throw new Error(`${label}: an alarm adds up ${SUMMANDS_MAX} metrics at most`);
  const named = summands.map((metric, i) => [`${id}${i}`, metric] as const);
  return new MathExpression({
    label,
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period,
  });
}

/** The tables on the way of a receipt and a figure. */
export const figureTablesOf = ({ chain, devices, facts, cells, deadLetters }: DataStack): AisleTable[] => [
  chain,
  devices,
  facts,
  cells,
  deadLetters,
];

/** The tables on the way of a frame and a visit. */
export const visionTablesOf = ({ visits, faces }: DataStack): AisleTable[] => [visits, faces];
