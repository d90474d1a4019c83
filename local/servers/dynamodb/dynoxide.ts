/**
 * DynamoDB by dynoxide: one native binary, its state in SQLite, transactions and all.
 *
 * It comes as an optional dependency and only for some platforms, so it may not be there.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDbServer } from './dynamodb-server.ts';
import { freePort } from './free-port.ts';
import { spawnTethered, type TetheredProcess } from './tethered-process.ts';

/** Between the probe and the child, somebody else may take the port; that it happens twice is unheard of. */
const STARTS_MAX = 3;
const PROBE_INTERVAL_MS = 10;
const PROBE_MS_MAX = 10_000;

/** Where the binary is, when this platform has one. */
export function findDynoxide(): string | undefined {
  const packageName = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const path = createRequire(import.meta.url).resolve(`${packageName}/dynoxide`);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

export async function startDynoxide(binary: string, dataDir?: string): Promise<DynamoDbServer> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const storage = dataDir === undefined ? [] : ['--db-path', join(dataDir, 'dynamodb.sqlite')];
  const said: string[] = [];
  for (let starts = 0; starts < STARTS_MAX; starts++) {
    const port = await freePort();
    const child = spawnTethered(binary, ['serve', '--port', String(port), ...storage]);
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const url = `http://127.0.0.1:${port}`;
    if (await answers(url, child)) return { url, close: child.end };
    await child.end();
  }
  throw new Error(`dynoxide did not start: ${said.join('')}`);
}

/** Any answer will do, a refusal too, as long as it is the child's and not that of whoever took its port. */
async function answers(url: string, child: TetheredProcess): Promise<boolean> {
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
