/**
 * A local cloud in a process of its own, as `npm start` runs it, so that a test can kill it; and the `aisle`
 * command beside it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS_MAX = 90_000;
const POLL_MS = 50;

export interface CloudProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number | undefined;
  /** An access token of one of the local people, `boss` for instance. */
  token(person: string): Promise<string>;
  /** Kills it at once, like a power cut. */
  kill(): Promise<void>;
  /** Stops it gracefully; returns its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a cloud on a new or existing data folder, on any free port unless one is given. */
export async function startCloudProcess(dataDir: string, port = 0): Promise<CloudProcess> {
  const file = join(dataDir, 'cloud.json');
  rmSync(file, { force: true });
  const child = spawn(
    process.execPath,
    ['local/main.ts', '--data', dataDir, '--port', String(port), '--no-sim'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
  const until = performance.now() + START_MS_MAX;
  while (!existsSync(file)) {
    if (child.exitCode !== null || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`the local cloud did not start:\n${said.join('')}`);
    }
    await pause(POLL_MS);
  }
  const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
  return {
    url,
    dataDir,
    pid: child.pid,
    async token(person) {
      const answer = await fetch(`${url}/oidc/token-for?person=${person}`);
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    kill: async () => void (await ended(child, 'SIGKILL')),
    stop: () => ended(child, 'SIGTERM'),
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

export interface AisleRun {
  readonly code: number | null;
  readonly output: string;
}

export interface AisleProcess {
  readonly done: Promise<AisleRun>;
  kill(): void;
}

/** Runs `aisle …` on a cloud's data folder. */
export function aisle(args: readonly string[], onOutput: (text: string) => void = () => {}): AisleProcess {
  const child = spawn(process.execPath, ['tools/aisle.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said.push(String(chunk));
      onOutput(String(chunk));
    });
  }
  const done = once(child, 'exit').then(([code]) => ({ code: code as number | null, output: said.join('') }));
  return { done, kill: () => void child.kill('SIGKILL') };
}
