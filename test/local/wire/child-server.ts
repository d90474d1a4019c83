/** A server in a process of its own, so that a test can kill it like a crash. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** Creates a folder for a server's state, which is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aisle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface ChildServer {
  readonly url: string;
  /** Sends SIGKILL: the process runs no exit handler. */
  kill(): Promise<void>;
}

/** Runs `expression` with `module` imported as `server`; its value must have a `url`. */
export async function startChild(module: string, expression: string): Promise<ChildServer> {
  const path = JSON.stringify(join(import.meta.dirname, '../../..', module));
  // The child ends with its parent, whose end of standard input closes when it is killed.
  const script = `
    const server = await import(${path});
    const { url } = await ${expression};
    process.stdin.on('end', () => process.exit()).resume();
    console.log(url);`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('the child has no standard output');
  const [url] = await once(createInterface(child.stdout), 'line');
  return { url, kill };
}
