/**
 * One sandbox: a worker thread with one copy of a function, which runs one event at a time.
 *
 * A thread cannot be interrupted, only ended, so a timeout ends the sandbox, as on Lambda. An exit, a crash or exhausted
 * memory fails the event under way.
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

/** Lambda's limit for a function's initialisation (its imports), before the timeout of the first event starts. */
const INIT_MS_MAX = 10_000;

const RUNTIME = new URL('./runtime.ts', import.meta.url);

/** Starts a sandbox; it initialises while it waits for its first event. */
export function startSandbox(config: SandboxConfig): Sandbox {
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

  let alive = true;
  let settle: ((invocation: Invocation) => void) | undefined;
  let current: Event | undefined;
  let timer: NodeJS.Timeout | undefined;

  function finish(invocation: Invocation): void {
    clearTimeout(timer);
    const resolve = settle;
    settle = undefined;
    resolve?.(invocation);
  }

  function die(invocation: Invocation): void {
    alive = false;
    finish(invocation);
    void worker.terminate();
  }

  function armTimeout(requestId: string, limitMs: number): void {
    const seconds = (limitMs / 1000).toFixed(2);
    const message = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    clearTimeout(timer);
    timer = setTimeout(() => die(failed('Sandbox.Timedout', message)), limitMs);
  }

  /** The function's timeout starts here, so a cold start does not reduce it. */
  function send(event: Event): void {
    armTimeout(event.requestId, config.timeoutMs);
    worker.postMessage({ ...event, deadlineMs: Date.now() + config.timeoutMs } satisfies EventMessage);
  }

  let ready = false;
  worker.on('message', (message: WorkerMessage) => {
    switch (message.kind) {
      case 'ready':
        ready = true;
        if (current !== undefined) send(current);
        break;
      case 'broken':
        die({ ok: false, error: message.error });
        break;
      case 'succeeded':
        finish({ ok: true, payload: JSON.parse(message.payload) });
        break;
      case 'failed':
        finish({ ok: false, error: message.error });
        break;
    }
  });
  // An error event means that the thread ended; exhausted memory is the usual cause.
  worker.on('error', (error: Error & { code?: string }) => {
    const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'signal: killed' : error.message;
    alive = false;
    finish(failed('Runtime.ExitError', `${requestOf(current)}Error: Runtime exited with error: ${reason}`));
  });
  worker.on('exit', (status) => {
    alive = false;
    const reason = status === 0 ? 'without providing a reason' : `with error: exit status ${status}`;
    finish(failed('Runtime.ExitError', `${requestOf(current)}Error: Runtime exited ${reason}`));
  });

  return {
    run(requestId, payload) {
      return new Promise((resolve) => {
        settle = resolve;
        current = { requestId, payload };
        if (ready) send(current);
        else armTimeout(requestId, INIT_MS_MAX);
      });
    },
    alive: () => alive,
    async end() {
      alive = false;
      finish(failed('Sandbox.Closed', `${requestOf(current)}Error: the sandbox was ended`));
      await worker.terminate();
    },
  };
}

function requestOf(event: Event | undefined): string {
  return event === undefined ? '' : `RequestId: ${event.requestId} `;
}

function forwardLines(input: Readable, stream: LogLine['stream'], { name, onLog }: SandboxConfig): void {
  createInterface({ input }).on('line', (text) => onLog({ functionName: name, stream, text }));
}
