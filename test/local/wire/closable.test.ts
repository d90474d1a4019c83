import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { closable } from '#local/servers/wire/closable.ts';
import { temporaryFolder } from './child-server.ts';

describe('closable', () => {
  it('releases the resources once, the last one first, by close or by await using', async () => {
    const released: string[] = [];
    const open = () => {
      const resources = new AsyncDisposableStack();
      resources.defer(() => void released.push('database'));
      resources.defer(async () => void released.push('server'));
      return closable({ url: 'http://local' }, resources);
    };
    {
      await using server = open();
      expect(server.url).toBe('http://local');
      await server.close();
      expect(released).toEqual(['server', 'database']);
    }
    expect(released).toEqual(['server', 'database']);
    {
      await using _ = open();
    }
    expect(released).toEqual(['server', 'database', 'server', 'database']);
  });

  it('leaves nothing open where a server cannot start', async () => {
    await using first = await startKinesis({ dataDir: await temporaryFolder() });
    const dataDir = await temporaryFolder();
    await expect(startKinesis({ port: first.port, dataDir })).rejects.toThrow('EADDRINUSE');
    // SQLite deletes the write-ahead log when the last connection closes.
    expect(readdirSync(dataDir)).toEqual(['kinesis.sqlite']);
  });
});
