/** `npm start` as a process: it starts, stops when told to and leaves nothing running, and survives being killed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** It synthesises and builds first, and two cores may be shared with every other test. */
const START_MS_MAX = 90_000;
const TEST_MS_MAX = 240_000;
const dataDir = mkdtempSync(join(tmpdir(), 'aisle-start-'));
const noteFile = join(dataDir, 'cloud.json');

let npmStart: ChildProcess | undefined;
afterEach(() => void npmStart?.kill('SIGKILL'));
afterAll(() => rmSync(dataDir, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  readonly note: {
    readonly url: string;
    readonly endpoints: { readonly dynamodb: string };
    readonly tables: { readonly cells: string };
  };
  readonly said: () => string;
}

async function start(...args: string[]): Promise<Running> {
  rmSync(noteFile, { force: true });
  const child = spawn(process.execPath, ['local/main.ts', '--port', '0', '--data', dataDir, ...args], {
    cwd: ROOT,
  });
  npmStart = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
  await vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(said);
      expect(existsSync(noteFile), said).toBe(true);
    },
    { timeout: START_MS_MAX, interval: 50 },
  );
  return { child, note: JSON.parse(readFileSync(noteFile, 'utf8')), said: () => said };
}

/** Every process there is that was started below the one given. */
function descendants(pid: number | undefined): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid ?? 0);
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0];
const clientOf = ({ note }: Running) =>
  new DynamoDBClient({
    region: 'us-east-1',
    endpoint: note.endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

describe('npm start', { timeout: TEST_MS_MAX }, () => {
  it('says where to look, and ends with 0 and without a trace when interrupted', async () => {
    const running = await start('--no-sim');
    await vi.waitFor(() => expect(running.said()).toContain(running.note.url));
    const others = descendants(running.child.pid);
    expect(others.length).toBeGreaterThan(0);
    running.child.kill('SIGINT');
    expect(await exitOf(running.child)).toBe(0);
    // The guard of a child ends a moment after the child.
    await vi.waitFor(() => expect(others.filter(isAlive)).toEqual([]), 5_000);
    expect(existsSync(noteFile)).toBe(false);
  });

  it('keeps what it holds when it is killed, and takes its helpers with it', async () => {
    const Item = { pk: { S: 'kept' }, sk: { S: 'kept' } };
    const first = await start('--no-sim');
    const before = clientOf(first);
    await before.send(new PutItemCommand({ TableName: first.note.tables.cells, Item }));
    before.destroy();
    const others = descendants(first.child.pid);
    first.child.kill('SIGKILL');
    await vi.waitFor(() => expect(others.filter(isAlive)).toEqual([]), 5_000);

    const second = await start('--no-sim');
    const after = clientOf(second);
    const { Item: found } = await after.send(
      new GetItemCommand({ TableName: second.note.tables.cells, Key: Item }),
    );
    after.destroy();
    expect(found).toEqual(Item);
    second.child.kill('SIGTERM');
    expect(await exitOf(second.child)).toBe(0);
  });

  it('stops in the middle of the simulated day', async () => {
    const running = await start();
    await vi.waitFor(() => expect(running.said()).toContain('simulation'), 30_000);
    running.child.kill('SIGINT');
    expect(await exitOf(running.child)).toBe(0);
    expect(running.said()).toContain('Stopped.');
  });
});
