/**
 * One Lambda function on this machine: a pool of sandboxes in front of a queue.
 *
 * Lambda opens a sandbox for every event that finds none idle, up to the function's concurrency. Where
 * the service would then throttle and leave the retry to the caller, here the event waits its turn: a
 * laptop has two cores, and a throttle would say something about the laptop, not about the function.
 */
import { randomUUID } from 'node:crypto';
import { failed, type Invocation } from './invocation.ts';
import { encodeEvent } from './payload.ts';
import { type LogLine, type Sandbox, startSandbox } from './sandbox.ts';

export interface FunctionConfig {
  readonly name: string;
  /** An ES module; imported once per sandbox. */
  readonly bundlePath: string;
  /** The export that handles events. */
  readonly handlerName?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb?: number;
  /** Sandboxes at once, at most. */
  readonly concurrencyMax: number;
  /** Sandboxes kept warm when nothing is to do, at most. */
  readonly idleMax?: number;
  readonly onLog?: (line: LogLine) => void;
}

export interface LocalFunction {
  readonly name: string;
  /** Never rejects; JSON goes in and JSON comes out. */
  invoke(event: unknown): Promise<Invocation>;
  /** Ends every sandbox. Events still inside or waiting fail; invocations from now on do, too. */
  close(): Promise<void>;
}

/** What Lambda gives a function whose template says nothing. */
const MEMORY_MB = 128;

interface Waiting {
  readonly payload: string;
  readonly resolve: (invocation: Invocation) => void;
}

export function startFunction(config: FunctionConfig): LocalFunction {
  const idleMax = config.idleMax ?? config.concurrencyMax;
  const sandboxes = new Set<Sandbox>();
  const idle: Sandbox[] = [];
  const waiting: Waiting[] = [];
  let closed = false;

  const closedAnswer = () => failed('Sandbox.Closed', `function ${config.name} has been closed`);

  function openSandbox(): Sandbox {
    const sandbox = startSandbox({
      handlerName: 'handler',
      memoryMb: MEMORY_MB,
      onLog: () => {},
      ...config,
    });
    sandboxes.add(sandbox);
    return sandbox;
  }

  /** The sandbox used last comes first: its code is warm, and the others can be let go. */
  function takeSandbox(): Sandbox | undefined {
    for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) {
      if (sandbox.alive()) return sandbox;
      sandboxes.delete(sandbox);
    }
    return sandboxes.size < config.concurrencyMax ? openSandbox() : undefined;
  }

  function putBack(sandbox: Sandbox): void {
    if (sandbox.alive() && idle.length < idleMax) {
      idle.push(sandbox);
      return;
    }
    sandboxes.delete(sandbox);
    void sandbox.end();
  }

  function dispatch(): void {
    while (!closed && waiting.length > 0) {
      const sandbox = takeSandbox();
      if (sandbox === undefined) return;
      const next = waiting.shift();
      if (next === undefined) return;
      void sandbox.run(randomUUID(), next.payload).then((invocation) => {
        next.resolve(invocation);
        putBack(sandbox);
        dispatch();
      });
    }
  }

  return {
    name: config.name,
    invoke(event) {
      if (closed) return Promise.resolve(closedAnswer());
      const encoded = encodeEvent(event);
      if (encoded.kind === 'refused') return Promise.resolve(encoded.invocation);
      return new Promise((resolve) => {
        waiting.push({ payload: encoded.text, resolve });
        dispatch();
      });
    },
    async close() {
      closed = true;
      for (const { resolve } of waiting.splice(0)) resolve(closedAnswer());
      await Promise.all([...sandboxes].map((sandbox) => sandbox.end()));
      sandboxes.clear();
    },
  };
}
