import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoRowWriter } from '#adapters/dynamodb/row-writer.ts';
import type { RowWriter } from '#application/ports/row-writer.ts';
import { TABLES, type TableName } from '#domain/people/erasure/row-policy.ts';
import type { TableRow } from '#domain/people/erasure/table-row.ts';
import { gather } from '../../support/gather.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

const ROW: TableRow = { pk: 'A#1', sk: 'A', data: 'before', bytes: Buffer.from('b'), count: 3n };

onEveryEngine((name, newTable) => {
  describe(`rows under erasure actions: ${name}`, () => {
    let rows: RowWriter;
    let letters: ReturnType<typeof dynamoDeadLetterStore>;
    const put = (row: TableRow) =>
      rows.apply('Faces', { pk: 'new', sk: 'new' }, { kind: 'replace', by: row, guard: 'pk' });
    beforeEach(async () => {
      const { client, table } = await newTable();
      rows = dynamoRowWriter(
        client,
        Object.fromEntries(TABLES.map((one) => [one, table])) as Record<TableName, string>,
      );
      letters = dynamoDeadLetterStore(client, table);
      await put(ROW);
    });

    it('are deleted, kept or left, as the action says', async () => {
      expect(await rows.apply('Faces', ROW, { kind: 'none' })).toBe('left');
      expect(await rows.apply('Faces', ROW, { kind: 'others' })).toBe('others');
      expect(await rows.read('Faces', ROW)).toMatchObject({ data: 'before', count: 3n });
      for (let times = 0; times < 2; times++) {
        expect(await rows.apply('Faces', ROW, { kind: 'remove' })).toBe('removed');
      }
      expect(await rows.read('Faces', ROW)).toBeUndefined();
    });

    it('are replaced only if unchanged since they were read', async () => {
      const by = { ...ROW, data: 'after' };
      const changed = { ...ROW, data: 'changed by another writer' };
      await rows.apply('Faces', changed, { kind: 'replace', by, guard: 'data' });
      expect(await rows.read('Faces', ROW)).toMatchObject({ data: 'before' });
      await rows.apply('Faces', ROW, { kind: 'replace', by, guard: 'data' });
      expect(await rows.read('Faces', ROW)).toMatchObject({ data: 'after', count: 3n });
      const again = { ...by, data: 'again' };
      await rows.apply('Faces', by, { kind: 'replace', by: again, guard: 'bytes' });
      await rows.apply('Faces', again, { kind: 'replace', by, guard: 'absent' });
      expect(await rows.read('Faces', ROW)).toMatchObject({ data: 'after' });
    });

    it('are written under the new key before they are deleted under the old', async () => {
      const by = { ...ROW, sk: 'B' };
      for (let times = 0; times < 2; times++) {
        await rows.apply('Faces', ROW, { kind: 'replace', by, guard: 'data' });
        expect(await rows.read('Faces', by)).toMatchObject({ data: 'before' });
        expect(await rows.read('Faces', ROW)).toBeUndefined();
      }
    });

    it('are deleted with all their parts, whichever of them was found', async () => {
      for (const [sequence, found] of [
        ['1', 'LETTER#1'],
        ['2', 'LETTER'],
      ] as const) {
        await letters.keep({
          sequence,
          why: 'exhausted',
          reason: 'a test',
          storeId: 'sz01',
          bytes: Buffer.alloc(700_000, 'x'),
          arrivedAtMs: 1,
          keptAtMs: 2,
        });
        const sk = found === 'LETTER' ? sequence : '02';
        const row = await rows.read('DeadLetters', { pk: found, sk });
        expect(row).toBeDefined();
        await rows.apply('DeadLetters', row ?? { pk: found, sk }, { kind: 'remove' });
        for (const part of ['00', '01', '02'])
          expect(await rows.read('DeadLetters', { pk: `LETTER#${sequence}`, sk: part })).toBeUndefined();
      }
      expect(await gather(letters.list())).toEqual([]);
    });
  });
});
