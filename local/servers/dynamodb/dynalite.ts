/**
 * DynamoDB by dynalite, in this process: where there is no dynoxide for the platform.
 *
 * It knows no transactions and does not hand back the item of a refused condition, so stores must not
 * depend on either being there.
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import dynalite from 'dynalite';
import type { DynamoDbServer } from './dynamodb-server.ts';

export async function startDynalite(dataDir?: string): Promise<DynamoDbServer> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const server = dynalite({
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb.leveldb') }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // A client keeps its connections open, and a server waits for them.
      server.closeAllConnections();
      await closed;
    },
  };
}
