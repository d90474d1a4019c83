/** `npm start` as a process: it starts, stops on a signal without leaving processes, and survives a kill. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** It synthesises and builds first, and shares two cores with other tests. */
const START_MS_MAX = 90_000;
const TEST_MS_MAX = 240_000;
const dataDir = mkdtempSync(join(tmpdir(), 'aisle-start-'));
const cloudFile = join(dataDir, 'cloud.json');

let npmStart: ChildProcess | undefined;
afterEach(() => void npmStart?.kill('SIGKILL'));
afterAll(() => rmSync(dataDir, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  readonly file: {
    readonly url: string;
    readonly endpoints: { readonly dynamodb: string };
    readonly tables: { readonly cells: string };
  };
  readonly output: () => string;
}

async function start(...args: string[]): Promise<Running> {
  rmSync(cloudFile, { force: true });
  const child = spawn(process.execPath, ['local/main.ts', '--port', '0', '--data', dataDir, ...args], {
    cwd: ROOT,
  });
  npmStart = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  await vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(output);
      expect(existsSync(cloudFile), output).toBe(true);
    },
    { timeout: START_MS_MAX, interval: 50 },
  );
  return { child, file: JSON.parse(readFileSync(cloudFile, 'utf8')), output: () => output };
}

/** Returns the ids of all processes below the given one. */
function descendants(pid: number | undefined): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid ?? 0);
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0];
const clientOf = ({ file }: Running) =>
  new DynamoDBClient({
    region: 'us-east-1',
    endpoint: file.endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

describe('npm start', { timeout: TEST_MS_MAX }, () => {
  it('prints its address and the staff to sign in as, and exits with 0 and without leftovers on SIGINT', async () => {
    const running = await start('--no-sim');
    await vi.waitFor(() => expect(running.output()).toContain(running.file.url));
    expect(running.output()).toMatch(/Sign in as {3}boss, /);
    const others = descendants(running.child.pid);
    expect(others.length).toBeGreaterThan(0);
    running.child.kill('SIGINT');
    expect(await exitOf(running.child)).toBe(0);
    // The guard process of a child ends shortly after the child.
    await vi.waitFor(() => expect(others.filter(isAlive)).toEqual([]), 5_000);
    expect(existsSync(cloudFile)).toBe(false);
  });

  it('keeps its data when it is killed, and its helper processes end', async () => {
    const Item = { pk: { S: 'kept' }, sk: { S: 'kept' } };
    const first = await start('--no-sim');
    const before = clientOf(first);
    await before.send(new PutItemCommand({ TableName: first.file.tables.cells, Item }));
    before.destroy();
    const others = descendants(first.child.pid);
    first.child.kill('SIGKILL');
    await vi.waitFor(() => expect(others.filter(isAlive)).toEqual([]), 5_000);

    const second = await start('--no-sim');
    const after = clientOf(second);
    const { Item: found } = await after.send(
      new GetItemCommand({ TableName: second.file.tables.cells, Key: Item }),
    );
    after.destroy();
    expect(found).toEqual(Item);
    second.child.kill('SIGTERM');
    expect(await exitOf(second.child)).toBe(0);
  });

  it('stops during the simulated day', async () => {
    const running = await start();
    await vi.waitFor(() => expect(running.output()).toContain('simulation'), 30_000);
    running.child.kill('SIGINT');
    expect(await exitOf(running.child)).toBe(0);
    expect(running.output()).toContain('Stopped.');
  });
});
