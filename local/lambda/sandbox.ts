/**
 * One sandbox: a worker thread with one copy of a function, which runs one event at a time.
 *
 * A thread cannot be interrupted, only ended, so a timeout ends the sandbox, as on Lambda. An exit, a crash
 * or exhausted memory fails the event under way.
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { sandboxEnvironment } from './environment.ts';
import { failed, type Invocation } from './invocation.ts';
import type { EventMessage, SandboxSetup, WorkerMessage } from './protocol.ts';

export interface LogLine {
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface SandboxConfig {
  readonly name: string;
  readonly bundlePath: string;
  readonly handlerName: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly onLog: (line: LogLine) => void;
}

type Event = Omit<EventMessage, 'deadlineMs'>;

export interface Sandbox {
  /** Runs one event to its end. Never called again before it has resolved. */
  run(requestId: string, payload: string): Promise<Invocation>;
  /** False once the thread has ended or is ending; such a sandbox must not run another event. */
  alive(): boolean;
  /** Ends the thread; an event under way fails. */
  end(): Promise<void>;
}

/**
 * Lambda's limit for a function's initialisation (its imports), before the timeout of the first event starts.
 */
const INIT_MS_MAX = 10_000;

const RUNTIME = new URL('./runtime.ts', import.meta.url);

/** Starts a sandbox; it initialises while it waits for its first event. */
export function startSandbox(config: SandboxConfig): Sandbox {
  const worker = startWorker(config);
  const current = eventUnderWay();
  let alive = true;
  let ready = false;

  function die(invocation: Invocation): void {
    alive = false;
    current.finish(invocation);
    void worker.terminate();
  }

  /** The function's timeout starts here, so a cold start does not reduce it. */
  function send(event: Event): void {
    current.limit(config.timeoutMs, die);
    worker.postMessage({ ...event, deadlineMs: Date.now() + config.timeoutMs } satisfies EventMessage);
  }

  function onMessage(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready': {
        ready = true;
        const event = current.event();
        if (event !== undefined) send(event);
        break;
      }
      case 'broken':
        die({ ok: false, error: message.error });
        break;
      case 'succeeded':
        current.finish({ ok: true, payload: JSON.parse(message.payload) });
        break;
      case 'failed':
        current.finish({ ok: false, error: message.error });
        break;
    }
  }

  function onExit(reason: string): void {
    alive = false;
    current.finish(failed('Runtime.ExitError', `${current.prefix()}Error: Runtime exited ${reason}`));
  }

  worker.on('message', onMessage);
  // An error event means that the thread ended; exhausted memory is the usual cause.
  worker.on('error', (error: Error & { code?: string }) => {
    onExit(`with error: ${error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'signal: killed' : error.message}`);
  });
  worker.on('exit', (status) => {
    onExit(status === 0 ? 'without providing a reason' : `with error: exit status ${status}`);
  });

  return {
    run(requestId, payload) {
      const event = { requestId, payload };
      const outcome = current.begin(event);
      if (ready) send(event);
      else current.limit(INIT_MS_MAX, die);
      return outcome;
    },
    alive: () => alive,
    async end() {
      alive = false;
      current.finish(failed('Sandbox.Closed', `${current.prefix()}Error: the sandbox was ended`));
      await worker.terminate();
    },
  };
}

function startWorker(config: SandboxConfig): Worker {
  const setup: SandboxSetup = {
    bundlePath: config.bundlePath,
    handlerName: config.handlerName,
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${config.name}`,
  };
  const worker = new Worker(RUNTIME, {
    workerData: setup,
    env: sandboxEnvironment(config, new Date()),
    // Without the parent's own flags (a test runner's, a debugger's).
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: config.memoryMb },
  });
  forwardLines(worker.stdout, 'stdout', config);
  forwardLines(worker.stderr, 'stderr', config);
  return worker;
}

/** The event that a sandbox runs, or ran last: the promise of its outcome, and its timeout. */
function eventUnderWay() {
  let event: Event | undefined;
  let settle: ((invocation: Invocation) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const prefix = (): string => (event === undefined ? '' : `RequestId: ${event.requestId} `);
  return {
    event: () => event,
    /** Returns the start of Lambda's messages about the event. */
    prefix,
    begin(next: Event): Promise<Invocation> {
      event = next;
      return new Promise((resolve) => {
        settle = resolve;
      });
    },
    /** Limits the time from now on, in place of an earlier limit. */
    limit(limitMs: number, onTimeout: (invocation: Invocation) => void): void {
      const seconds = (limitMs / 1000).toFixed(2);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const message = `${prefix()}Error: Task timed out after ${seconds} seconds`;
        onTimeout(failed('Sandbox.Timedout', message));
      }, limitMs);
    },
    finish(invocation: Invocation): void {
      clearTimeout(timer);
      const resolve = settle;
      settle = undefined;
      resolve?.(invocation);
    },
  };
}

function forwardLines(input: Readable, stream: LogLine['stream'], { name, onLog }: SandboxConfig): void {
  createInterface({ input }).on('line', (text) => onLog({ functionName: name, stream, text }));
}
