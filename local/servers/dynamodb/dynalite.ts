/**
 * DynamoDB by dynalite, in this process: for platforms without dynoxide.
 *
 * It has no transactions and does not return the item of a failed condition, so stores must work without both.
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { closable, type LocalServer } from '../wire/closable.ts';

/** Starts dynalite on a free port, its tables in the folder or in memory. */
export async function startDynalite(dataDir?: string): Promise<LocalServer> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  await using resources = new AsyncDisposableStack();
  const server = dynalite({
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb.leveldb') }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(async () => {
    const closed = once(server, 'close');
    server.close();
    // Clients keep their connections open, and the server would wait for them.
    server.closeAllConnections();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return closable({ url: `http://127.0.0.1:${port}` }, resources);
}
