import { gzipSync } from 'node:zlib';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchTable } from '#adapters/dynamodb/table-scan.ts';
import type { RowVerdict } from '#application/ports/table-scan.ts';
import { mergeIdentifiers } from '#domain/people/erasure/personal-identifiers.ts';
import type { TableRow } from '#domain/people/erasure/table-row.ts';
import { createTraceFinder } from '#domain/people/erasure/trace-finder.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

const TOKEN = 'TTTTTTTTTTTTTTTTTTTTTT';
const tracesIn = createTraceFinder(mergeIdentifiers({ token: [TOKEN], member: ['17'] }));

onEveryEngine((name, newTable) => {
  const filled = async (rows: readonly TableRow[]) => {
    const { client, table } = await newTable();
    for (const Item of rows) await client.send(new PutCommand({ TableName: table, Item }));
    const found: TableRow[] = [];
    const search = async (
      parts: { first: number; count: number; of: number },
      verdict: RowVerdict = 'left',
    ) =>
      searchTable(client, table, parts, {
        tracesIn,
        found: async (row) => {
          found.push(row);
          return verdict;
        },
      });
    return { search, keys: () => found.map(({ pk, sk }) => `${pk} ${sk}`).sort() };
  };
  const WHOLE = { first: 0, count: 1, of: 1 };

  describe(`a full scan of a table: ${name}`, () => {
    it('searches every attribute of every row, packed ones too, and reports only kinds of rows', async () => {
      const { search, keys } = await filled([
        { pk: `LINK#${TOKEN}`, sk: 'LINK' },
        { pk: 'CAMPAIGN#spring', sk: `2026-11-22T10:00:00.000Z#sz01#${TOKEN}` },
        { pk: 'PERSON#p.x', sk: 'LINK#member#17' },
        { pk: 'CITY#a#PRODUCTS', sk: '2026-11-22', products: gzipSync(JSON.stringify([TOKEN])) },
        { pk: 'CITY#b#PRODUCTS', sk: '2026-11-22', products: gzipSync(JSON.stringify(['else'])) },
        { pk: 'odd', sk: 'key', bytes: Buffer.from([0x1f, 0x8b, 1, 2, 3]) },
        { pk: 'USERS#0', sk: 'm.x', faceIds: new Set([TOKEN]) },
        { pk: 'PERSON#p.y', sk: 'LINK#member#117', value: '117' },
      ]);
      expect(await search(WHOLE)).toEqual({
        rowsLookedAt: 8,
        removed: 0,
        left: 5,
        kinds: ['CAMPAIGN', 'CITY', 'LINK', 'PERSON/LINK', 'USERS'],
      });
      expect(keys()).toHaveLength(5);
    });

    it('finds an identifier across the boundary of two parts of a value', async () => {
      const bytes = Buffer.from(`${'x'.repeat(5_000)}${TOKEN}${'y'.repeat(5_000)}`);
      const cut = 5_000 + 11;
      const { search, keys } = await filled([
        { pk: 'LETTER#1', sk: '00', bytes: bytes.subarray(0, cut) },
        { pk: 'LETTER#1', sk: '01', bytes: bytes.subarray(cut) },
        { pk: 'LETTER#2', sk: '00', bytes: bytes.subarray(0, cut) },
        { pk: 'LETTER#3', sk: '01', bytes: bytes.subarray(cut) },
      ]);
      await search(WHOLE);
      expect(keys()).toEqual(['LETTER#1 01']);
    });

    it('scans each row once, for any number of pages and segments', async () => {
      const rows = Array.from({ length: 40 }, (_, at) => ({
        pk: `FILL#${at}`,
        sk: 'FILL',
        text: `${'z'.repeat(60_000)}${at % 4 === 0 ? TOKEN : ''}`,
      }));
      const { search, keys } = await filled(rows);
      const searches = [
        await search({ first: 0, count: 2, of: 5 }),
        await search({ first: 2, count: 9, of: 5 }),
      ];
      expect(searches.reduce((sum, { rowsLookedAt }) => sum + rowsLookedAt, 0)).toBe(40);
      expect(searches.reduce((sum, { left }) => sum + left, 0)).toBe(10);
      expect(new Set(keys()).size).toBe(10);
    });

    it('finds the same rows as a naive search', async () => {
      const value = fc.constantFrom<unknown>('', TOKEN, `a${TOKEN}b`, '17', 'else', 17n, ['x', TOKEN]);
      const row = fc.record({
        pk: fc.constantFrom('A#1', 'B#2', `LINK#${TOKEN}`),
        note: value,
        memberNo: value,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (drawn) => {
          const rows = drawn.map((one, at) => ({ ...one, sk: `R#${at}` }));
          const isTheirs = ({ pk, note, memberNo }: (typeof rows)[number]): boolean =>
            [pk, note, memberNo].flat().some((text) => String(text).includes(TOKEN)) ||
            [memberNo].flat().some((text) => String(text) === '17');
          const { search, keys } = await filled(rows);
          await search({ first: 0, count: 3, of: 3 }, 'removed');
          expect(keys()).toEqual(
            rows
              .filter(isTheirs)
              .map(({ pk, sk }) => `${pk} ${sk}`)
              .sort(),
          );
        }),
        { numRuns: 15 },
      );
    });

    it('counts no rows of other people', async () => {
      const { search } = await filled([{ pk: `LINK#${TOKEN}`, sk: 'LINK' }]);
      expect(await search(WHOLE, 'others')).toEqual({ rowsLookedAt: 1, removed: 0, left: 0, kinds: [] });
      expect(await search(WHOLE, 'removed')).toEqual({ rowsLookedAt: 1, removed: 1, left: 0, kinds: [] });
    });
  });
});
