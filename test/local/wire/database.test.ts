import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#local/servers/wire/database.ts';
import { temporaryFolder } from './child-server.ts';

describe('the database of a local server', () => {
  it('overwrites what is deleted (P16)', async () => {
    const folder = await temporaryFolder();
    const db = openDatabase(folder, 'test.sqlite', 'CREATE TABLE IF NOT EXISTS people (phone TEXT)');
    const insert = db.prepare('INSERT INTO people VALUES (?)');
    for (let row = 0; row < 200; row++) insert.run(`+86139${'0042'.repeat(60)}`);
    db.exec('DELETE FROM people; PRAGMA wal_checkpoint(TRUNCATE);');
    db.close();
    expect(readFileSync(join(folder, 'test.sqlite')).includes('+86139')).toBe(false);
  });
});
