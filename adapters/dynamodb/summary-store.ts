/**
 * Summaries above the store in DynamoDB: one row per scope and bucket, replaced by every roll-up.
 *
 *   pk = CITY#<id>#DAY | REGION#<id>#HOUR | CHAIN#MINUTE …   sk as in the cells of stores   expiresAt
 *   one number per counter, asOfMs, expected, reported, stores, storesSeen, storesCovered,
 *   hoursNotCovered, aboveOne, tills, target, version
 *   pk = CITY#<id>#PRODUCTS …   sk = <businessDay>   products (gzip of JSON), asOfMs, version
 *
 * Products are packed into one row: they are only replaced as a whole, and a row of 500 products takes about ten write
 * units where 500 rows would take 500. A row may hold 400 kB, which is about 25,000 products a day; of more, those with the
 * highest revenue and returns are kept, and `omitted` counts the others.
 *
 * The version rejects a write whose inputs were read before another write; otherwise an older summary could win.
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { SummaryStore } from '#application/ports/summary-store.ts';
import { defined } from '#application/support/defined.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { Scope } from '#domain/chain/staff-scope.ts';
import { COUNTERS, type Counter, type Counts } from '#domain/place/figures/cell.ts';
import type { Bucket, ProductCounts, Summary } from '#domain/place/figures/roll-up.ts';
import { batchGet, bucketOf, countsOf, RETENTION_DAYS } from './cell-store.ts';

type Item = Record<string, unknown>;

const DAY_SECONDS = 86_400;

const scopeKey = (scope: Scope): string =>
  scope.kind === 'chain' ? 'CHAIN' : `${scope.kind.toUpperCase()}#${scope.id}`;

const rowOf = (scope: Scope, { grain, day, startMs }: Bucket): { pk: string; sk: string } => ({
  pk: `${scopeKey(scope)}#${grain.toUpperCase()}`,
  sk: startMs === undefined ? day : `${day}#${new Date(startMs).toISOString().slice(0, 16)}`,
});

const optionalNumber = (value: unknown): bigint | undefined =>
  typeof value === 'bigint' ? value : undefined;

function summaryOf(item: Item): Summary {
  const expected = optionalNumber(item['expected']);
  const stores = optionalNumber(item['stores']);
  // A row of an earlier release does not say which of its sales were made where there is a target.
  const target = item['targetedSales'] === undefined ? undefined : optionalNumber(item['target']);
  const covered = optionalNumber(item['storesCovered']);
  const tills = optionalNumber(item['tills']);
  return {
    counts: countsOf(item),
    asOfMs: Number(item['asOfMs'] ?? 0n),
    ...(expected === undefined
      ? {}
      : { reporting: { expected: Number(expected), reported: Number(item['reported'] ?? 0n) } }),
    ...(stores === undefined
      ? {}
      : { seen: { expected: Number(stores), reported: Number(item['storesSeen'] ?? 0n) } }),
    ...(covered === undefined
      ? {}
      : {
          buyers: {
            covered: Number(covered),
            hoursNotCovered: Number(item['hoursNotCovered'] ?? 0n),
            aboveOne: Number(item['aboveOne'] ?? 0n),
          },
        }),
    ...(tills === undefined ? {} : { tills: Number(tills) }),
    ...defined({ target }),
  };
}

/** [product, name or 0, counts in the order of COUNTERS]: texts, since JSON's numbers are doubles. */
type PackedProduct = readonly [string, string | 0, ...string[]];

const pack = (products: readonly ProductCounts[]): Uint8Array =>
  gzipSync(
    JSON.stringify(
      products.map(
        ({ productId, name, counts }): PackedProduct => [
          productId,
          name ?? 0,
          ...COUNTERS.map((counter) => String(counts[counter] ?? '')),
        ],
      ),
    ),
  );

/** A row holds 400 kB; the rest is for its other attributes. */
export const PACKED_BYTES_MAX = 380_000;

/** Returns packed products that fit into a row, those with the highest revenue and returns, and how many are left out. */
function packFitting(products: readonly ProductCounts[]): { products: Uint8Array; omitted: number } {
  let packed = pack(products);
  if (packed.byteLength <= PACKED_BYTES_MAX) return { products: packed, omitted: 0 };
  const turnover = ({ counts }: ProductCounts): bigint => (counts.gross ?? 0n) + (counts.returnValue ?? 0n);
  const byTurnover = [...products].sort((a, b) =>
    turnover(a) > turnover(b) ? -1 : turnover(a) < turnover(b) ? 1 : 0,
  );
  let size = products.length;
  while (packed.byteLength > PACKED_BYTES_MAX) {
    size = Math.floor(size * Math.min(0.95, PACKED_BYTES_MAX / packed.byteLength));
    packed = pack(byTurnover.slice(0, size));
  }
  return { products: packed, omitted: products.length - size };
}

const unpack = (bytes: Uint8Array): ProductCounts[] =>
  (JSON.parse(gunzipSync(bytes).toString('utf8')) as PackedProduct[]).map(([productId, name, ...values]) => {
    const counts: { -readonly [counter in Counter]?: bigint } = {};
    COUNTERS.forEach((counter, index) => {
      if (values[index]) counts[counter] = BigInt(values[index]);
    });
    return { productId, counts: counts as Counts, ...(name === 0 ? {} : { name }) };
  });

/** Returns the store of sums: a list of short methods over one table. */
export function dynamoSummaryStore(client: DynamoDBDocumentClient, TableName: string): SummaryStore {
  async function get(key: { pk: string; sk: string }): Promise<Item | undefined> {
    const answer = await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
    return answer.Item;
  }

  async function put(item: Item, version: number): Promise<boolean> {
    try {
      await client.send(
        new PutCommand({
          TableName,
          Item: { ...item, version: version + 1 },
          ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
          ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': version } }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  const productsRow = (scope: Scope, day: BusinessDay) => ({ pk: `${scopeKey(scope)}#PRODUCTS`, sk: day });

  return {
    async read(scope, bucket) {
      const item = await get(rowOf(scope, bucket));
      return { kept: item && summaryOf(item), version: Number(item?.['version'] ?? 0n) };
    },

    async readMany(scopes, bucket) {
      const items = await batchGet(
        client,
        TableName,
        scopes.map((scope) => rowOf(scope, bucket)),
      );
      return items.map(summaryOf);
    },

    write(scope, bucket, { counts, asOfMs, reporting, seen, buyers, tills, target }, version) {
      const expiry =
        bucket.grain === 'day'
          ? {}
          : { expiresAt: Math.floor(asOfMs / 1000) + RETENTION_DAYS[bucket.grain] * DAY_SECONDS };
      const seenIn = seen && { stores: seen.expected, storesSeen: seen.reported };
      const row = {
        ...rowOf(scope, bucket),
        ...counts,
        asOfMs,
        ...reporting,
        ...seenIn,
        ...(buyers && {
          storesCovered: buyers.covered,
          hoursNotCovered: buyers.hoursNotCovered,
          aboveOne: buyers.aboveOne,
        }),
        ...expiry,
        tills,
        target,
        ...(target === undefined ? {} : { targetedSales: counts.targetedSales ?? 0n }),
      };
      return put(row, version);
    },

    async range(scope, grain, from, to) {
      const found: Array<{ bucket: Bucket; summary: Summary }> = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': `${scopeKey(scope)}#${grain.toUpperCase()}`,
            ':from': from,
            ':to': `${to}~`,
          },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) {
        for (const item of (page.Items ?? []) as Item[]) {
          found.push({ bucket: bucketOf(String(item['sk']), grain), summary: summaryOf(item) });
        }
      }
      return found;
    },

    async readProducts(scope, day) {
      const item = await get(productsRow(scope, day));
      const version = Number(item?.['version'] ?? 0n);
      if (item === undefined) return { kept: undefined, version };
      return {
        kept: {
          products: unpack(item['products'] as Uint8Array),
          asOfMs: Number(item['asOfMs'] ?? 0n),
          ...(item['omitted'] === undefined ? {} : { omitted: Number(item['omitted']) }),
        },
        version,
      };
    },

    writeProducts(scope, day, { products, asOfMs, omitted = 0 }, version) {
      const fitting = packFitting(products);
      const left = omitted + fitting.omitted;
      const row = { ...productsRow(scope, day), products: fitting.products, asOfMs };
      return put(left === 0 ? row : { ...row, omitted: left }, version);
    },
  };
}
