/**
 * EventBridge's `rate(value unit)` expressions. The template schedules by rate only, so `cron(…)` is rejected
 * by name when the cloud starts.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Returns the period of a rate expression in milliseconds.
 *
 * @throws where the expression is malformed or not a rate
 */
export function ratePeriodMs(expression: string): number {
  if (expression.startsWith('cron(')) {
    throw new Error(`schedule expression ${expression}: cron is not supported locally, only rate(…)`);
  }
  const [, value, unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // EventBridge is strict about its grammar: one hour, two hours.
  if (value === undefined || (value === '1') !== (plural === '')) {
    throw new Error(`schedule expression ${expression}: not a valid rate(…)`);
  }
  return Number(value) * (UNIT_MS[unit] ?? Number.NaN);
}
