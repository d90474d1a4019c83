import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoAliasStore } from '#adapters/dynamodb/alias-store.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { KEPT_DAYS } from '#adapters/dynamodb/visitor-day-row.ts';
import { rowKey } from '#domain/place/visits/visitor-day-key.ts';
import { describeAliasStore, describeVisitStore, storedAt } from '../../support/describe-visit-store.ts';
import { gather } from '../../support/gather.ts';
import { memoryAliasStore, memoryVisitStore } from '../../support/memory-visit-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';
import { ANN, BEN, keyOf, minute } from '../../support/sightings.ts';

describeVisitStore('in memory', async () => memoryVisitStore());
describeAliasStore('in memory', async () => memoryAliasStore());

onEveryEngine(
  (name, newTable) => {
    describeVisitStore(name, async () => {
      const { client, table } = await newTable();
      return dynamoVisitStore(client, table);
    });
    describeAliasStore(name, async () => {
      const { client, table } = await newTable();
      return dynamoAliasStore(client, table);
    });

    describe(`the rows of visits: ${name}`, () => {
      it('expire by their last change, so that imported old days do not expire at once', async () => {
        const { client, table } = await newTable();
        const visits = dynamoVisitStore(client, table);
        const savedAtMs = minute(10_000);
        await visits.save(storedAt(ANN, 0), savedAtMs);
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: rowKey(keyOf(ANN)) }));
        expect(Item?.['expiresAt']).toBe(BigInt(savedAtMs / 1000 + KEPT_DAYS * 86_400));
      });

      it('hold aliases beside visitor days without confusing them', async () => {
        const { client, table } = await newTable();
        const visits = dynamoVisitStore(client, table);
        const aliases = dynamoAliasStore(client, table);
        await visits.save(storedAt(ANN, 0), minute(0));
        await aliases.point(BEN, ANN, minute(0));
        expect(await gather(visits.ofVisitor(ANN))).toHaveLength(1);
        expect(await gather(visits.history(ANN, keyOf(ANN).day))).toHaveLength(1);
        expect(await aliases.aliasesOf(ANN)).toEqual([BEN]);
      });

      it('take little of the size limit of a row', async () => {
        const { client, table } = await newTable();
        await dynamoVisitStore(client, table).save(storedAt(ANN, 0), minute(0));
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: rowKey(keyOf(ANN)) }));
        expect(String(Item?.['parts']).length).toBeLessThan(200);
      });
    });
  },
  ['ByStoreDay', 'Due'],
);
