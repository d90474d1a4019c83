/**
 * Events that functions are told of and not asked about. Each function has one queue of them, whoever puts them in, and what
 * it fails at goes where the template says; rules hand to it what they wait for.
 */

import {
  type EventInvoker,
  type EventTarget,
  startEventInvoker,
} from '../event-sources/eventbridge/async-invoker.ts';
import { keepDiscards } from '../event-sources/eventbridge/discard-sender.ts';
import { sqsEventQueue } from '../event-sources/eventbridge/failure-queue.ts';
import { type EventRules, startEventRules } from '../event-sources/eventbridge/rules.ts';
import type { CloudDescription } from '../template/description.ts';
import type { Clients } from './clients.ts';
import type { Functions } from './start-functions.ts';

export interface EventsSetup {
  readonly cloud: CloudDescription;
  readonly clients: Clients;
  readonly functions: Functions;
  readonly onTrouble: (what: string, error: unknown) => void;
}

export interface Events {
  /** How a function is told of events. */
  targetOf(functionName: string): EventTarget;
  startRules(): EventRules;
}

export function openEvents({ cloud, clients, functions, onTrouble }: EventsSetup): Events {
  const queue = sqsEventQueue(clients.sqs);

  function targetOf(functionName: string): EventTarget {
    const functionArn = cloud.functions.find(({ name }) => name === functionName)?.arn ?? functionName;
    const said = cloud.eventInvokes.find((one) => one.functionName === functionName);
    return {
      invoke: (event) => functions.invoke(functionName, event),
      ...(said?.retriesMax !== undefined && { retriesMax: said.retriesMax }),
      ...(said?.eventAgeMsMax !== undefined && { eventAgeMsMax: said.eventAgeMsMax }),
      onDiscard: keepDiscards(
        { functionName, functionArn, ...said },
        { queue, nowMs: () => Date.now(), onTrouble },
      ),
    };
  }

  function startRules(): EventRules {
    const invokers = new Map<string, EventInvoker>();
    const invokerOf = (functionName: string) => {
      const invoker = invokers.get(functionName) ?? startEventInvoker(targetOf(functionName));
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
          offer: invokerOf(functionName).offer,
        })),
      }));
    const running = startEventRules(rules, { deadLetters: queue, onTrouble });
    return {
      put: running.put,
      async close() {
        await running.close();
        await Promise.all([...invokers.values()].map((invoker) => invoker.close()));
      },
    };
  }

  return { targetOf, startRules };
}
