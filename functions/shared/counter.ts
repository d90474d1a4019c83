/** Custom CloudWatch metrics of a function, written to its log in the embedded metric format. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Publishes counts, by metric name. */
export type Counter = (counts: Readonly<Record<string, number>>) => void;

/** Returns a counter whose metrics carry the dimension `service`. */
export function createCounter(serviceName: string): Counter {
  const metrics = new Metrics({ serviceName });
  return (counts) => {
    const entries = Object.entries(counts);
    if (entries.length === 0) return;
    for (const [name, value] of entries) metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  };
}
