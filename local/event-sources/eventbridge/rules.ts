/**
 * EventBridge rules: an event is published once, and every rule whose pattern matches enqueues it for its
 * targets.
 *
 * Two services retry, each with its own bounds and its own dead letters. EventBridge retries, by the target's
 * retry policy, while the target rejects the event; once it is accepted, Lambda retries while the function
 * fails (async-invoker.ts). So an event on which the function throws never reaches the rule's dead-letter
 * queue, here as on AWS.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import { systemClock } from '../../servers/wire/clock.ts';
import type { EventSource, EventSourceDeps } from '../event-source.ts';
import type { FailureQueue } from '../failure-queue.ts';
import { sleep } from '../sleep.ts';
import type { EnqueueResult } from './async-invoker.ts';
import { compilePattern, type EventMatcher } from './event-pattern.ts';

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly arn: string;
  readonly enqueue: (event: unknown) => EnqueueResult;
  /** A constant event in place of the published one. */
  readonly input?: unknown;
  /** Attempts after the first; 185 where absent. */
  readonly retriesMax?: number;
  /** One day where absent. */
  readonly eventAgeMsMax?: number;
  readonly deadLetterQueueUrl?: string;
}

export interface EventRulesDeps extends Omit<EventSourceDeps, 'invoke'> {
  /** Receives events that a target rejected for good. */
  readonly deadLetters: FailureQueue;
  /** Returns 0 to 1, for the jitter of the delays. */
  readonly random?: () => number;
}

export interface EventRules extends EventSource {
  /** Publishes an event; returns before any target receives it. */
  publish(event: unknown): void;
}

const RETRIES_MAX = 185;
const EVENT_AGE_MS_MAX = 86_400_000;

/** EventBridge documents its delays only as exponential, with jitter. */
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 300_000;

/**
 * Starts the rules.
 *
 * @throws with the rule's name, where a pattern cannot be compiled
 */
export function startEventRules(
  rules: readonly EventRule[],
  { deadLetters, clock = systemClock, random = Math.random, onError = () => {} }: EventRulesDeps,
): EventRules {
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();
  const compiled = rules.map((rule) => ({ rule, matches: matcherOf(rule) }));

  async function deliver(rule: EventRule, target: RuleTarget, event: unknown): Promise<void> {
    const { retriesMax = RETRIES_MAX, eventAgeMsMax = EVENT_AGE_MS_MAX } = target;
    const publishedAtMs = clock.nowMs();
    for (let retries = 0; ; retries++) {
      const result = target.enqueue(target.input === undefined ? event : target.input);
      if (result.kind === 'accepted') return;
      const exhausted = !result.isRetryable
        ? 'nothing'
        : retries >= retriesMax
          ? 'MaximumRetryAttempts'
          : clock.nowMs() - publishedAtMs >= eventAgeMsMax
            ? 'MaximumEventAgeInSeconds'
            : undefined;
      if (exhausted !== undefined) return discard({ rule, target, event, retries, exhausted, result });
      await sleep(clock, backoffMs(retries, random), signal);
      if (signal.aborted) return;
    }
  }

  async function discard(failure: Failure): Promise<void> {
    const { rule, target, event, result } = failure;
    const { deadLetterQueueUrl } = target;
    const what = `rule ${rule.name}`;
    if (deadLetterQueueUrl === undefined) {
      onError(what, new Error(`an event is lost: ${result.code} ${result.message}`));
      return;
    }
    try {
      await deadLetters.send(deadLetterQueueUrl, JSON.stringify(event), attributesOf(failure));
    } catch (error) {
      onError(what, error);
    }
  }

  return {
    publish(event) {
      if (signal.aborted) return;
      for (const { rule, matches } of compiled) {
        if (!matches(event)) continue;
        for (const target of rule.targets) {
          const task = deliver(rule, target, event).finally(() => underWay.delete(task));
          underWay.add(task);
        }
      }
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}

interface Failure {
  readonly rule: EventRule;
  readonly target: RuleTarget;
  readonly event: unknown;
  readonly retries: number;
  readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'nothing';
  readonly result: Extract<EnqueueResult, { kind: 'rejected' }>;
}

/** The reason, as the message attributes that EventBridge adds to a dead letter. */
function attributesOf({ rule, target, retries, exhausted, result }: Failure): Record<string, string> {
  return {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: result.code,
    ERROR_MESSAGE: result.message,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted !== 'nothing' && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
}

function matcherOf({ name, pattern }: EventRule): EventMatcher {
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw new Error(`event pattern of rule ${name}: ${(error as Error).message}`);
  }
}

/** Returns half to the whole of a delay that doubles with each attempt. */
function backoffMs(retries: number, random: () => number): number {
  const wholeMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** retries);
  return Math.round(wholeMs * (0.5 + random() / 2));
}
