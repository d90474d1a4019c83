/** The metrics shared by alarms and the dashboard, so that a graph shows the number that fired the alarm. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { DataStack } from '../stacks/data-stack.ts';
import type { IngestStack } from '../stacks/ingest-stack.ts';
import { type AisleFunction, METRICS_NAMESPACE } from './aisle-function.ts';
import type { AisleTable } from './aisle-table.ts';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** Returns the age of the oldest record of a batch when the function received it, in milliseconds. */
export function ageOf(consumer: AisleFunction): Metric {
  return consumer.metric('IteratorAge', { period: MINUTE, statistic: Stats.MAXIMUM });
}

/** Returns the age of the oldest message of a queue, in seconds. */
export function oldestIn(queue: Queue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period: MINUTE });
}

/** Returns the sum of a count that a function publishes itself. */
export function countOf(source: AisleFunction, metricName: string, period: Duration): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: source.folder },
    period,
    statistic: Stats.SUM,
  });
}

/** Returns the number of messages that wait in a queue. */
export function waitingIn(queue: Queue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE });
}

/**
 * Returns the number of events that could not be counted: those the consumer stored as dead letters itself, and the
 * batches that exhausted their retries, which are stored by another function.
 */
export function deadLettersOf({ countEvents, deadLetterNotices }: IngestStack): MathExpression {
  return sumOf('letters', 'dead letters', FIVE_MINUTES, [
    countOf(countEvents, 'DeadLettersStored', FIVE_MINUTES),
    deadLetterNotices.metricNumberOfMessagesSent({ period: FIVE_MINUTES }),
  ]);
}

/** Returns the throttled reads and writes of these tables. Clients retry, so throttling costs time before it costs data. */
export function throttlesOf(tables: readonly AisleTable[]): MathExpression {
  const sums = { period: FIVE_MINUTES, statistic: Stats.SUM };
  return sumOf(
    'throttles',
    'throttled reads and writes',
    FIVE_MINUTES,
    tables.flatMap((table) => [
      table.metric('ReadThrottleEvents', sums),
      table.metric('WriteThrottleEvents', sums),
    ]),
  );
}

/** Returns the system errors of DynamoDB, counted per table and operation, for the operations that receipts, frames and figures use. */
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
  return sumOf('failures', 'system errors', FIVE_MINUTES, [
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

/** The limit of CloudWatch for the metrics of one alarm. */
const SUMMANDS_MAX = 10;

/**
 * Returns the sum of metrics; a metric without data in a period counts as 0.
 *
 * @param id prefix of the summands' ids, unique within a graph
 * @throws for more summands than an alarm may have
 */
export function sumOf(
  id: string,
  label: string,
  period: Duration,
  summands: readonly IMetric[],
): MathExpression {
  if (summands.length > SUMMANDS_MAX)
    throw new Error(`${label}: an alarm sums at most ${SUMMANDS_MAX} metrics`);
  const named = summands.map((metric, i) => [`${id}${i}`, metric] as const);
  return new MathExpression({
    label,
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period,
  });
}

/** Returns the tables that receipts and figures use. */
export const figureTablesOf = ({ chain, devices, facts, cells, deadLetters }: DataStack): AisleTable[] => [
  chain,
  devices,
  facts,
  cells,
  deadLetters,
];

/** Returns the tables that frames and visits use. */
export const visionTablesOf = ({ visits, faces }: DataStack): AisleTable[] => [visits, faces];
