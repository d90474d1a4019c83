/** Starts every function of the template, with the local servers in its environment. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type LocalFunction, startFunction } from '../lambda/function.ts';
import { failed, type Invocation } from '../lambda/invocation.ts';
import type { LogLine } from '../lambda/sandbox.ts';
import type { FunctionDescription } from '../template/description.ts';

export interface Functions {
  /** Invokes a function by its physical name; never rejects. */
  invoke(functionName: string, event: unknown): Promise<Invocation>;
  close(): Promise<void>;
}

export interface FunctionsSetup {
  readonly functions: readonly FunctionDescription[];
  /** Added to every function's own environment: the addresses of the servers. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLog: (folder: string, line: LogLine) => void;
}

/** Sandboxes of one function at once. Lambda opens hundreds; a laptop only gets slower beyond its cores. */
const CONCURRENCY_MAX = Math.max(2, Math.min(4, availableParallelism()));
const EXTENSIONS = ['.mjs', '.js', '.cjs'];

/** Returns the started functions; throws where the bundle of one is missing. */
export function startFunctions({ functions, env, onLog }: FunctionsSetup): Functions {
  const started = new Map<string, LocalFunction>(
    functions.map((description) => [
      description.name,
      startFunction({
        name: description.name,
        bundlePath: bundlePath(description),
        handlerName: description.handler.split('.')[1] ?? 'handler',
        env: { ...description.env, ...env },
        timeoutMs: description.timeoutMs,
        memoryMb: description.memoryMb,
        concurrencyMax: Math.min(description.concurrencyMax ?? CONCURRENCY_MAX, CONCURRENCY_MAX),
        onLog: (line) => onLog(description.folder, line),
      }),
    ]),
  );
  return {
    async invoke(functionName, event) {
      const target = started.get(functionName);
      return target
        ? target.invoke(event)
        : failed('ResourceNotFoundException', `Function not found: ${functionName}`);
    },
    async close() {
      await Promise.all([...started.values()].map((one) => one.close()));
    },
  };
}

function bundlePath({ assetPath, handler, name }: FunctionDescription): string {
  const module = join(assetPath, handler.split('.')[0] ?? '');
  const extension = EXTENSIONS.find((candidate) => existsSync(module + candidate));
  if (!extension) throw new Error(`${name}: there is no module ${module}${EXTENSIONS.join('|')}`);
  return module + extension;
}
