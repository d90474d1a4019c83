/**
 * Cells of stores in DynamoDB, the only rows whose numbers are incremented.
 *
 *   pk = STORE#<id>#MINUTE | #HOUR          sk = <businessDay>#<start, UTC>    expiresAt
 *   pk = STORE#<id>#DAY                     sk = <businessDay>                 reporters, sensors, emptySensors, soldHours, seenHours
 *   pk = STORE#<id>#TILL | #STAFF | #ZONE   sk = <businessDay>#<member>
 *   pk = STORE#<id>#PRODUCT#<businessDay>   sk = <productId>                   label
 *   each: one number per counter, seq (last sequence number counted), asOfMs
 *
 * The condition on `seq` makes a repeated or partly repeated batch harmless: records that a cell includes are rejected.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AddOutcome, CellStore } from '#application/ports/cell-store.ts';
import { defined } from '#application/support/defined.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import {
  type Cell,
  type CellKey,
  COUNTERS,
  type Counter,
  type Counts,
  type Grain,
} from '#domain/place/figures/cell.ts';
import type { CellChange } from '#domain/place/figures/fold.ts';
import type { Bucket } from '#domain/place/figures/roll-up.ts';

/** Minutes serve the live page and the last days; hours serve a quarter. Days do not expire. */
export const RETENTION_DAYS = { minute: 8, hour: 100 } as const;

const DAY_SECONDS = 86_400;

/**
 * Names of tills, and of sensors, in the row of a day. A till that sends a new name with every receipt would otherwise fill
 * the row, and every later receipt of the day would fail. Those beyond it are "and others".
 */
export const REPORTERS_MAX = 200;
export const OTHER_REPORTERS = '…';

/** BatchGetItem's own limit. */
const BATCH_GET_MAX = 100;

/** Unprocessed keys are read again this often, with the client's backoff in between. */
const BATCH_GET_TRIES_MAX = 8;

const startOf = (startMs: number | undefined): string => new Date(startMs ?? 0).toISOString().slice(0, 16);

/** Returns the row of a cell. Throws for scopes above a store. */
export function rowOf({ scope, dimension, grain, day, startMs, member }: CellKey): {
  pk: string;
  sk: string;
} {
  if (scope.kind !== 'store') throw new Error('this table holds cells of stores only');
  const store = `STORE#${scope.id}`;
  if (dimension === 'product') return { pk: `${store}#PRODUCT#${day}`, sk: member ?? '' };
  if (dimension !== 'all') return { pk: `${store}#${dimension.toUpperCase()}`, sk: `${day}#${member ?? ''}` };
  return { pk: `${store}#${grain.toUpperCase()}`, sk: grain === 'day' ? day : `${day}#${startOf(startMs)}` };
}

type Item = Record<string, unknown>;

/** Returns the counters of a row. */
export function countsOf(item: Item): Counts {
  const counts: { -readonly [name in Counter]?: bigint } = {};
  for (const name of COUNTERS) {
    const value = item[name];
    if (typeof value === 'bigint' && value !== 0n) counts[name] = value;
  }
  return counts;
}

const expiryOf = (grain: Grain, asOfMs: number): number | undefined =>
  grain === 'day' ? undefined : Math.floor(asOfMs / 1000) + RETENTION_DAYS[grain] * DAY_SECONDS;

/** Returns the start time at the end of a sort key of minutes or hours. */
export const bucketOf = (sk: string, grain: Grain): Bucket => {
  const [day = '', start] = sk.split('#');
  return start === undefined
    ? { day: day as BusinessDay, grain }
    : { day: day as BusinessDay, grain, startMs: Date.parse(`${start}:00Z`) };
};

const setIn = <Name extends string>(item: Item, name: Name): { readonly [name in Name]?: Set<string> } =>
  (item[name] instanceof Set ? { [name]: item[name] } : {}) as { readonly [name in Name]?: Set<string> };

function cellOf(storeId: StoreId, item: Item, grain: Grain): Cell {
  return {
    key: { scope: { kind: 'store', id: storeId }, dimension: 'all', ...bucketOf(String(item['sk']), grain) },
    counts: countsOf(item),
    asOfMs: Number(item['asOfMs'] ?? 0n),
    ...setIn(item, 'reporters'),
    ...setIn(item, 'sensors'),
    ...setIn(item, 'emptySensors'),
    ...setIn(item, 'soldHours'),
    ...setIn(item, 'seenHours'),
  };
}

/** Returns at most REPORTERS_MAX names; the last one stands for the others where there are more. */
function boundedNames(names: ReadonlySet<string>): Set<string> {
  if (names.size <= REPORTERS_MAX) return new Set(names);
  return new Set([...[...names].slice(0, REPORTERS_MAX - 1), OTHER_REPORTERS]);
}

/** Returns the names of a change that a row has, and "and others" in place of those for which it has no room. */
function namesLeft(change: CellChange, row: Item | undefined): Pick<CellChange, 'reporters' | 'sensors'> {
  const left = (name: 'reporters' | 'sensors') => {
    const reported = change[name];
    if (reported === undefined) return {};
    const stored = row?.[name] instanceof Set ? (row[name] as Set<string>) : new Set<string>();
    const added = [...reported].filter((one) => !stored.has(one));
    const room = Math.max(0, REPORTERS_MAX - 1 - stored.size);
    const names = added.length <= room ? added : [...added.slice(0, room), OTHER_REPORTERS];
    return { [name]: new Set(names.length === 0 ? [...reported].slice(0, 1) : names) };
  };
  return { ...left('reporters'), ...left('sensors') };
}

/** Returns the store of cells: a list of short methods over one table. */
export function dynamoCellStore(client: DynamoDBDocumentClient, TableName: string): CellStore {
  /** `isBounded`: the change adds no more names than a full row may hold. */
  async function update(
    key: CellKey,
    change: CellChange,
    isAddition: boolean,
    isBounded = false,
  ): Promise<AddOutcome> {
    const names: Record<string, string> = {};
    const values: Record<string, unknown> = {
      ':last': change.lastSequence,
      ':first': change.firstSequence,
      ':asOf': change.asOfMs,
    };
    const sets = ['seq = :last', 'asOfMs = :asOf'];
    const adds: string[] = [];
    for (const name of COUNTERS) {
      const amount = change.counts[name] ?? 0n;
      if (isAddition && amount === 0n) continue;
      names[`#${name}`] = name;
      values[`:${name}`] = amount;
      if (isAddition) adds.push(`#${name} :${name}`);
      else sets.push(`#${name} = :${name}`);
    }
    const bounds: string[] = [];
    for (const name of ['reporters', 'sensors', 'emptySensors', 'soldHours', 'seenHours'] as const) {
      const reported = change[name];
      if (reported === undefined) continue;
      const names = boundedNames(reported);
      values[`:${name}`] = names;
      adds.push(`${name} :${name}`);
      // The others are no more than the sensors and the hours of a day.
      if (isBounded || (name !== 'reporters' && name !== 'sensors')) continue;
      values[`:${name}Max`] = REPORTERS_MAX - names.size;
      bounds.push(` AND (attribute_not_exists(${name}) OR size(${name}) <= :${name}Max)`);
    }
    if (change.label !== undefined) {
      values[':label'] = change.label;
      sets.push('label = :label');
    }
    const expiresAt = expiryOf(key.dimension === 'all' ? key.grain : 'day', change.asOfMs);
    if (expiresAt !== undefined) {
      values[':expiresAt'] = expiresAt;
      sets.push('expiresAt = :expiresAt');
    }
    const command = new UpdateCommand({
      TableName,
      Key: rowOf(key),
      UpdateExpression: `SET ${sets.join(', ')}${adds.length > 0 ? ` ADD ${adds.join(', ')}` : ''}`,
      ConditionExpression: `(attribute_not_exists(seq) OR seq < :first)${bounds.join('')}`,
      ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await client.send(command);
      return { kind: 'added' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const row = await rowAt(rowOf(key));
      const sequence = row && String(row['seq']);
      if (sequence === undefined) throw error;
      if (sequence >= change.firstSequence) return { kind: 'ahead', sequence };
      if (isBounded) throw error;
      return await update(key, { ...change, ...namesLeft(change, row) }, isAddition, true);
    }
  }

  async function rowAt(Key: Record<string, string>): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  async function query(pk: string, from?: string, to?: string): Promise<Item[]> {
    const items: Item[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: from === undefined ? 'pk = :pk' : 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ...(from === undefined ? {} : { ':from': from, ':to': to }) },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) items.push(...((page.Items ?? []) as Item[]));
    return items;
  }

  const range: CellStore['range'] = async (storeId, grain, from, to) => {
    const items = await query(`STORE#${storeId}#${grain.toUpperCase()}`, from, `${to}~`);
    return items.map((item) => cellOf(storeId, item, grain));
  };

  return {
    add: (key, change) => update(key, change, true),
    overwrite: (key, change) => update(key, change, false),
    range,

    async ofStores(storeIds, bucket) {
      const cells = new Map<StoreId, Cell>();
      const storeOf = new Map(
        storeIds.map((id) => [rowOf({ scope: { kind: 'store', id }, dimension: 'all', ...bucket }).pk, id]),
      );
      const keys = storeIds.map((id) => rowOf({ scope: { kind: 'store', id }, dimension: 'all', ...bucket }));
      for (const item of await batchGet(client, TableName, keys)) {
        const storeId = storeOf.get(String(item['pk']));
        if (storeId !== undefined) cells.set(storeId, cellOf(storeId, item, bucket.grain));
      }
      return cells;
    },

    async products(storeId, day) {
      const items = await query(`STORE#${storeId}#PRODUCT#${day}`);
      return {
        products: items.map((item) => ({
          productId: String(item['sk']),
          counts: countsOf(item),
          ...(typeof item['label'] === 'string' ? { name: item['label'] } : {}),
        })),
        asOfMs: items.reduce((newest, item) => Math.max(newest, Number(item['asOfMs'] ?? 0n)), 0),
      };
    },

    async zones(storeId, from, to) {
      const scope = { kind: 'store', id: storeId } as const;
      const items = await query(`STORE#${storeId}#ZONE`, from, `${to}~`);
      return items.map((item) => {
        const [day, member = ''] = String(item['sk']).split('#');
        return {
          key: { scope, dimension: 'zone', member, day: day as BusinessDay, grain: 'day' },
          counts: countsOf(item),
          asOfMs: Number(item['asOfMs'] ?? 0n),
        };
      });
    },

    async bucketsOf(storeId, day) {
      const grains: Grain[] = ['minute', 'hour', 'day'];
      const cells = await Promise.all(grains.map((grain) => range(storeId, grain, day, day)));
      return cells.flat().map(({ key: { day, grain, startMs } }) => ({
        day,
        grain,
        ...defined({ startMs }),
      }));
    },
  };
}

/** Reads many rows strongly consistently, in any order; rows that do not exist are absent. Throws if keys stay unprocessed. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: ReadonlyArray<{ pk: string; sk: string }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH_GET_MAX) {
    let open = keys.slice(start, start + BATCH_GET_MAX);
    for (let tries = 0; open.length > 0; tries++) {
      if (tries === BATCH_GET_TRIES_MAX)
        throw new Error(`${open.length} rows of ${TableName} remained unprocessed`);
      const answer = await client.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys: open, ConsistentRead: true } } }),
      );
      items.push(...((answer.Responses?.[TableName] ?? []) as Item[]));
      open = (answer.UnprocessedKeys?.[TableName]?.Keys ?? []) as typeof open;
    }
  }
  return items;
}
