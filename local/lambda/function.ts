/**
 * One Lambda function on this machine: a queue of events in front of a pool of sandboxes.
 *
 * Lambda opens a sandbox for every event that finds none idle, up to the function's concurrency. Beyond it
 * the service throttles and leaves the retry to the caller; here the event waits in the queue, because on a
 * laptop with two cores a throttle would measure the laptop and not the function.
 */
import { randomUUID } from 'node:crypto';
import { failed, type Invocation } from './invocation.ts';
import { encodeEvent } from './payload.ts';
import { type LogLine, type Sandbox, startSandbox } from './sandbox.ts';

export interface FunctionConfig {
  readonly name: string;
  /** An ES module, imported once per sandbox. */
  readonly bundlePath: string;
  /** The exported handler. */
  readonly handlerName?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb?: number;
  /** The most sandboxes at once. */
  readonly concurrencyMax: number;
  /** The most idle sandboxes kept warm. */
  readonly idleMax?: number;
  readonly onLog?: (line: LogLine) => void;
}

export interface LocalFunction {
  readonly name: string;
  /**
   * Invokes the function with a JSON value; resolves to its JSON response or its error, and never rejects.
   */
  invoke(event: unknown): Promise<Invocation>;
  /** Ends every sandbox. Events under way or waiting fail, and so do later invocations. */
  close(): Promise<void>;
}

/** Lambda's defaults. */
const SANDBOX_DEFAULTS = { handlerName: 'handler', memoryMb: 128, onLog: () => {} };

interface Waiting {
  readonly payload: string;
  readonly resolve: (invocation: Invocation) => void;
}

/** Returns a function without sandboxes; the first invocation starts one. */
export function startFunction(config: FunctionConfig): LocalFunction {
  const idleMax = config.idleMax ?? config.concurrencyMax;
  const sandboxes = new Set<Sandbox>();
  const idle: Sandbox[] = [];
  const waiting: Waiting[] = [];
  let closed = false;

  const closedOutcome = () => failed('Sandbox.Closed', `function ${config.name} has been closed`);

  function openSandbox(): Sandbox {
    const sandbox = startSandbox({ ...SANDBOX_DEFAULTS, ...config });
    sandboxes.add(sandbox);
    return sandbox;
  }

  /** Takes the sandbox used last: its code is warm, and the idle ones can be ended. */
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
      if (closed) return Promise.resolve(closedOutcome());
      const encoded = encodeEvent(event);
      if (encoded.kind === 'rejected') return Promise.resolve(encoded.invocation);
      return new Promise((resolve) => {
        waiting.push({ payload: encoded.text, resolve });
        dispatch();
      });
    },
    async close() {
      closed = true;
      for (const { resolve } of waiting.splice(0)) resolve(closedOutcome());
      await Promise.all([...sandboxes].map((sandbox) => sandbox.end()));
      sandboxes.clear();
    },
  };
}
