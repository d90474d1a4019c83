/**
 * EventBridge's rules: whatever happens is put here once, and each rule whose pattern fits hands it to its targets.
 *
 * There are two places where an event can fail, and each has its own patience and its own queue for what it gives up on.
 * EventBridge tries again, by the target's retry policy, while the target does not take the event; from there on it is
 * Lambda's, which tries again while the function fails (event-invoker.ts). A function that throws never reaches the
 * dead letters of the rule: on AWS that surprises people once, and here it should surprise them first.
 */
import { systemClock } from '../../servers/wire/clock.ts';
import type { Mapping, MappingDeps } from '../event-source.ts';
import { sleep } from '../sleep.ts';
import type { HandOver } from './async-invoker.ts';
import { compilePattern } from './event-pattern.ts';
import type { EventQueue } from './failure-queue.ts';

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly arn: string;
  readonly offer: (event: unknown) => HandOver;
  /** What is handed over instead of the event itself. */
  readonly input?: unknown;
  /** Tries after the first; 185 when not given. */
  readonly retriesMax?: number;
  /** A day when not given. */
  readonly eventAgeMsMax?: number;
  readonly deadLetterQueueUrl?: string;
}

export interface EventRulesDeps extends Omit<MappingDeps, 'invoke'> {
  /** Where events go that a target did not take. */
  readonly deadLetters: EventQueue;
  /** From 0 to 1, for waits that no two events share. */
  readonly random?: () => number;
}

export interface EventRules extends Mapping {
  /** Answers before anybody is told of the event. */
  put(event: unknown): void;
}

const RETRIES_MAX = 185;
const EVENT_AGE_MS_MAX = 86_400_000;

/** EventBridge says no more of its waits than that they grow exponentially, with jitter. */
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 300_000;

/** Throws, naming the rule, where a pattern is not one. */
export function startEventRules(
  rules: readonly EventRule[],
  { deadLetters, clock = systemClock, random = Math.random, onTrouble = () => {} }: EventRulesDeps,
): EventRules {
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Set<Promise<void>>();
  const compiled = rules.map((rule) => ({ rule, fits: compile(rule) }));

  async function deliver(rule: EventRule, target: RuleTarget, event: unknown): Promise<void> {
    const { retriesMax = RETRIES_MAX, eventAgeMsMax = EVENT_AGE_MS_MAX } = target;
    const putAtMs = clock.nowMs();
    for (let retries = 0; ; retries++) {
      const outcome = target.offer(target.input === undefined ? event : target.input);
      if (outcome.kind === 'taken') return;
      const exhausted = !outcome.mayTryAgain
        ? 'nothing'
        : retries >= retriesMax
          ? 'MaximumRetryAttempts'
          : clock.nowMs() - putAtMs >= eventAgeMsMax
            ? 'MaximumEventAgeInSeconds'
            : undefined;
      if (exhausted !== undefined) return giveUp({ rule, target, event, retries, exhausted, outcome });
      await sleep(clock, backoffMs(retries, random), signal);
      if (signal.aborted) return;
    }
  }

  async function giveUp(failure: Failure): Promise<void> {
    const { rule, target, event, outcome } = failure;
    const { deadLetterQueueUrl } = target;
    const what = `rule ${rule.name}`;
    if (deadLetterQueueUrl === undefined) {
      onTrouble(what, new Error(`an event is lost: ${outcome.code} ${outcome.message}`));
      return;
    }
    try {
      await deadLetters.send(deadLetterQueueUrl, JSON.stringify(event), attributesOf(failure));
    } catch (error) {
      onTrouble(what, error);
    }
  }

  return {
    put(event) {
      if (signal.aborted) return;
      for (const { rule, fits } of compiled) {
        if (!fits(event)) continue;
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
  readonly outcome: Extract<HandOver, { kind: 'refused' }>;
}

/** Why the event is among the dead letters, as EventBridge writes it beside the event. */
function attributesOf({ rule, target, retries, exhausted, outcome }: Failure): Record<string, string> {
  return {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: outcome.code,
    ERROR_MESSAGE: outcome.message,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted !== 'nothing' && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
}

function compile({ name, pattern }: EventRule) {
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw new Error(`the event pattern of rule ${name} cannot be run: ${(error as Error).message}`);
  }
}

/** Between half and the whole of a wait that doubles with each try. */
function backoffMs(retries: number, random: () => number): number {
  const wholeMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** retries);
  return Math.round(wholeMs * (0.5 + random() / 2));
}
