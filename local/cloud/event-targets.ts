/**
 * The functions as targets of rules and schedules: each has one asynchronous invoker that all rules share,
 * with the retry rules and the failure destinations that the template declares for it.
 */
import {
  type AsyncInvoker,
  type AsyncTarget,
  startAsyncInvoker,
} from '../event-sources/eventbridge/async-invoker.ts';
import { discardSender } from '../event-sources/eventbridge/discard-sender.ts';
import { type EventRules, startEventRules } from '../event-sources/eventbridge/rules.ts';
import { sqsFailureQueue } from '../event-sources/failure-queue.ts';
import type { CloudDescription } from '../template/description.ts';
import type { Clients } from './clients.ts';
import type { Functions } from './start-functions.ts';

export interface EventTargetsSetup {
  readonly cloud: CloudDescription;
  readonly clients: Clients;
  readonly functions: Functions;
  readonly onError: (what: string, error: unknown) => void;
}

export interface EventTargets {
  /** Returns how a function is invoked asynchronously. */
  targetOf(functionName: string): AsyncTarget;
  /** Starts the enabled rules; throws where a pattern cannot be compiled. */
  startRules(): EventRules;
}

/** Returns the functions as targets. */
export function openEventTargets({ cloud, clients, functions, onError }: EventTargetsSetup): EventTargets {
  const queue = sqsFailureQueue(clients.sqs);

  function targetOf(functionName: string): AsyncTarget {
    const functionArn = cloud.functions.find(({ name }) => name === functionName)?.arn ?? functionName;
    const config = cloud.eventInvokeConfigs.find((one) => one.functionName === functionName);
    return {
      invoke: (event) => functions.invoke(functionName, event),
      ...(config?.retriesMax !== undefined && { retriesMax: config.retriesMax }),
      ...(config?.eventAgeMsMax !== undefined && { eventAgeMsMax: config.eventAgeMsMax }),
      onDiscard: discardSender(
        { functionName, functionArn, ...config },
        { queue, nowMs: () => Date.now(), onError },
      ),
    };
  }

  function startRules(): EventRules {
    const invokers = new Map<string, AsyncInvoker>();
    const invokerOf = (functionName: string) => {
      const invoker = invokers.get(functionName) ?? startAsyncInvoker(targetOf(functionName));
      invokers.set(functionName, invoker);
      return invoker;
    };
    const rules = cloud.eventRules
      .filter(({ enabled }) => enabled)
      .map(({ targets, ...rule }) => ({
        ...rule,
        targets: targets.map(({ functionName, functionArn, ...target }) => ({
          ...target,
          arn: functionArn,
          enqueue: invokerOf(functionName).enqueue,
        })),
      }));
    const running = startEventRules(rules, { deadLetters: queue, onError });
    return {
      publish: running.publish,
      async close() {
        await running.close();
        await Promise.all([...invokers.values()].map((invoker) => invoker.close()));
      },
    };
  }

  return { targetOf, startRules };
}
