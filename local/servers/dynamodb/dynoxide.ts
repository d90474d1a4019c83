/**
 * DynamoDB by dynoxide: one native binary, its state in SQLite, with transactions.
 *
 * It is an optional dependency and exists for some platforms only, so it may be missing.
 */
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { closable, type LocalServer } from '../wire/closable.ts';
import { spawnTethered, type TetheredProcess } from './tethered-process.ts';

/** Between the probe and the child another process may take the port; three times is next to impossible. */
const STARTS_MAX = 3;
const PROBE_INTERVAL_MS = 10;
const PROBE_MS_MAX = 10_000;

/** Returns the path of the binary, or undefined where this platform has none. */
export function findDynoxide(): string | undefined {
  const packageName = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const path = createRequire(import.meta.url).resolve(`${packageName}/dynoxide`);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Starts the binary on a free port, its tables in the folder or in memory. @throws with its standard error */
export async function startDynoxide(binary: string, dataDir?: string): Promise<LocalServer> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const path = dataDir === undefined ? undefined : join(dataDir, 'dynamodb.sqlite');
  const storage = path === undefined ? [] : ['--db-path', path];
  const stderr: string[] = [];
  for (let starts = 0; starts < STARTS_MAX; starts++) {
    await using resources = new AsyncDisposableStack();
    if (path !== undefined) {
      dropFreePages(path);
      // After the child, which is closed first.
      resources.defer(() => dropFreePages(path));
    }
    const port = await freePort();
    const child = resources.use(spawnTethered(binary, ['serve', '--port', String(port), ...storage]));
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    const url = `http://127.0.0.1:${port}`;
    if (await responds(url, child)) return closable({ url }, resources);
  }
  throw new Error(`dynoxide did not start: ${stderr.join('')}`);
}

/**
 * Rewrites a database without its free pages, which still hold deleted rows: an erased customer's among them. The binary has
 * no switch for it, so it is done while no process has the file open. It takes about a second for 100 MB.
 */
function dropFreePages(path: string): void {
  if (!existsSync(path)) return;
  const db = new DatabaseSync(path);
  try {
    db.exec('VACUUM');
  } finally {
    db.close();
  }
}

/** Returns a port that is free now: the binary must be given its port and cannot report one that it chose. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Returns whether the child responds; any status will do, but not one of another process that took the port. */
async function responds(url: string, child: TetheredProcess): Promise<boolean> {
  let running = true;
  void child.ended.then(() => {
    running = false;
  });
  const untilMs = Date.now() + PROBE_MS_MAX;
  while (running && Date.now() < untilMs) {
    try {
      await (await fetch(url)).arrayBuffer();
      return running;
    } catch {
      await delay(PROBE_INTERVAL_MS);
    }
  }
  return false;
}
