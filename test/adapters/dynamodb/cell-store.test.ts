import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoCellStore, RETENTION_DAYS, rowOf } from '#adapters/dynamodb/cell-store.ts';
import { cellAt, changeOf, DAY_CELL, describeCellStore } from '../../support/describe-cell-store.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeCellStore('in memory', async () => memoryCellStore());

onEveryEngine((name, newTable) => {
  describeCellStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoCellStore(client, table);
  });

  describe(`the rows of cells: ${name}`, () => {
    it('expire by the arrival of what they count: minutes first, hours later, days and members never', async () => {
      const { client, table } = await newTable();
      const cells = dynamoCellStore(client, table);
      const asOfMs = Date.UTC(2026, 10, 22);
      const expiryOf = async (key: typeof DAY_CELL) => {
        await cells.add(key, changeOf(1, 1, { units: 1n }, { asOfMs }));
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: rowOf(key) }));
        return Item?.['expiresAt'];
      };
      const days = (count: number) => BigInt(asOfMs / 1000 + count * 86_400);
      expect(await expiryOf(cellAt('minute', asOfMs))).toBe(days(RETENTION_DAYS.minute));
      expect(await expiryOf(cellAt('hour', asOfMs))).toBe(days(RETENTION_DAYS.hour));
      expect(await expiryOf(DAY_CELL)).toBeUndefined();
      expect(await expiryOf({ ...DAY_CELL, dimension: 'product', member: 'a' })).toBeUndefined();
    });

    it('are those of stores only', () => {
      expect(() => rowOf({ ...DAY_CELL, scope: { kind: 'chain' } })).toThrow();
    });
  });
});
