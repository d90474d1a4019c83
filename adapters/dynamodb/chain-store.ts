/**
 * The chain in DynamoDB: the chain itself, its stores and their sales targets.
 *
 *   pk = CHAIN              sk = CHAIN              name, currency, country?, priceLimit?, labels?, hasStores?
 *   pk = CHAIN              sk = STORE#<storeId>    the store's fields, country?, isHealthService?, law?,
 *                                                   location? (JSON), openingHours? (JSON), earlierClocks? (JSON)
 *   pk = TARGET#<storeId>   sk = <YYYY-MM-DD>       netSales, in ten-thousandths
 *
 * All stores share one partition because they are always read together (a chain of a thousand is one page) and rarely
 * written. Targets have a partition per store: a year is one query.
 *
 * Figures above a store are summed per city and region and in one currency; so an existing store keeps its city and
 * region, and a chain with stores keeps its currency.
 *
 * Settings of faces, location and opening hours are set separately from the other fields. A re-imported list of stores does
 * not contain them and must neither switch faces off, nor switch on again what was just switched off, nor delete a geofence.
 * Location and hours are stored as JSON text, because degrees have decimals and numbers of a table are read as integers here.
 */

import { setTimeout as wait } from 'node:timers/promises';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Chain, ChainStore, PutPartOutcome } from '#application/ports/chain-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { CityId, RegionId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { FaceMode, Jurisdiction, LawSettings } from '#domain/chain/law-settings.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { OpeningHours } from '#domain/chain/opening-hours.ts';
import type { Store, Target } from '#domain/chain/store.ts';
import type { EarlierClock } from '#domain/chain/store-clock.ts';
import { batchGet } from './cell-store.ts';
import { succeedsIf } from './conditional-write.ts';

const CHAIN_KEY = { pk: 'CHAIN', sk: 'CHAIN' };
const STORE_PREFIX = 'STORE#';
const storeKey = (storeId: StoreId) => ({ pk: 'CHAIN', sk: `${STORE_PREFIX}${storeId}` });
const targetKey = (storeId: StoreId, day: BusinessDay) => ({ pk: `TARGET#${storeId}`, sk: day });

/** DynamoDB's own limit for one request. */
const BATCH_WRITE_MAX = 25;
/** Unprocessed writes are retried with growing pauses: 50 ms … 3.2 s. */
const BATCH_TRIES_MAX = 8;
const BATCH_BACKOFF_MS = 50;

/** Returns the store of the chain and its stores: a list of short methods over one table. */
export function dynamoChainStore(client: DynamoDBDocumentClient, TableName: string): ChainStore {
  async function read(Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  async function chain(): Promise<Chain | undefined> {
    const item = await read(CHAIN_KEY);
    return (
      item && {
        name: String(item['name']),
        currency: String(item['currency']),
        ...(item['country'] === undefined ? {} : { country: String(item['country']) }),
        ...(item['priceLimit'] === undefined ? {} : { priceLimit: item['priceLimit'] as bigint }),
        ...(item['labels'] === undefined ? {} : { labels: item['labels'] as string[] }),
      }
    );
  }

  async function store(storeId: StoreId): Promise<Store | undefined> {
    const item = await read(storeKey(storeId));
    return item && toStore(item);
  }

  /** Marks the chain as having stores, which fixes its currency; false if it has another currency, or does not exist. */
  const settle = (currency: string): Promise<boolean> =>
    succeedsIf(
      client.send(
        new UpdateCommand({
          TableName,
          Key: CHAIN_KEY,
          UpdateExpression: 'SET hasStores = :yes',
          ConditionExpression: 'currency = :currency',
          ExpressionAttributeValues: { ':yes': true, ':currency': currency },
        }),
      ),
    );

  /** Sets or removes one part of an existing store. */
  async function putPart(storeId: StoreId, name: string, value: unknown): Promise<PutPartOutcome> {
    const update = new UpdateCommand({
      TableName,
      Key: storeKey(storeId),
      ...assignments({ [name]: value }, [name]),
      ConditionExpression: 'attribute_exists(pk)',
    });
    return { kind: (await succeedsIf(client.send(update))) ? 'put' : 'no store' };
  }

  async function writeAll(items: ReadonlyArray<Record<string, unknown>>): Promise<void> {
    let open: BatchWriteCommandInput['RequestItems'] = {
      [TableName]: items.map((Item) => ({ PutRequest: { Item } })),
    };
    for (let tries = 0; tries < BATCH_TRIES_MAX; tries++) {
      const { UnprocessedItems }: BatchWriteCommandOutput = await client.send(
        new BatchWriteCommand({ RequestItems: open }),
      );
      if (!UnprocessedItems?.[TableName]?.length) return;
      open = UnprocessedItems;
      await wait(BATCH_BACKOFF_MS * 2 ** tries);
    }
    throw new Error(`DynamoDB left writes unprocessed after ${BATCH_TRIES_MAX} attempts`);
  }

  async function query(pk: string, from: string, to: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) items.push(...(page.Items ?? []));
    return items;
  }

  async function stores(): Promise<Store[]> {
    // '$' follows '#' in ASCII: the range is every key that begins with the prefix.
    return (await query('CHAIN', STORE_PREFIX, 'STORE$')).map(toStore);
  }

  return {
    chain,
    store,
    async putChain({ name, currency, country, priceLimit, labels }) {
      // hasStores must survive a change of name, so this is an update and not a put.
      const update = new UpdateCommand({
        TableName,
        Key: CHAIN_KEY,
        ...assignments({ name, currency, country, priceLimit, labels }),
        ConditionExpression: 'attribute_not_exists(hasStores) OR #currency = :currency',
      });
      if (await succeedsIf(client.send(update))) return { kind: 'put' };
      return { kind: 'currency settled', currency: (await chain())?.currency ?? '' };
    },
    stores,
    async putStore(wanted) {
      if (!(await settle(wanted.currency))) {
        const known = await chain();
        return known === undefined
          ? { kind: 'no chain' }
          : { kind: 'other currency', currency: known.currency };
      }
      const neighbour = (await stores()).find(
        ({ storeId, cityId }) => cityId === wanted.cityId && storeId !== wanted.storeId,
      );
      if (neighbour !== undefined && neighbour.regionId !== wanted.regionId) {
        return { kind: 'city of another region', regionId: neighbour.regionId };
      }
      // An update and not a put, because the separately set parts must survive it.
      const put = new UpdateCommand({
        TableName,
        Key: storeKey(wanted.storeId),
        ...assignments(fieldsOf(wanted), ['nameZh']),
        ConditionExpression: 'attribute_not_exists(pk) OR (#cityId = :cityId AND #regionId = :regionId)',
      });
      if (await succeedsIf(client.send(put))) return { kind: 'put' };
      const existing = await store(wanted.storeId);
      if (existing === undefined) throw new Error(`store ${wanted.storeId} existed and does not any more`);
      return { kind: 'stands elsewhere', cityId: existing.cityId, regionId: existing.regionId };
    },
    putLaw: (storeId, law) => putPart(storeId, 'law', law),
    putLocation: (storeId, location) => putPart(storeId, 'location', textOf(location)),
    putHours: (storeId, hours) => putPart(storeId, 'openingHours', textOf(hours)),
    async putTargets(targets) {
      const last = new Map(targets.map((target) => [`${target.storeId}#${target.day}`, target]));
      const items = [...last.values()].map((target) => ({
        ...targetKey(target.storeId, target.day),
        netSales: target.netSales,
      }));
      for (const batch of cut(items, BATCH_WRITE_MAX)) await writeAll(batch);
    },
    async targets(storeId, from, to) {
      const items = await query(`TARGET#${storeId}`, from, to);
      return items.map((item) => toTarget(item));
    },
    async targetsOn(storeIds, day) {
      const keys = [...new Set(storeIds)].map((storeId) => targetKey(storeId, day));
      return (await batchGet(client, TableName, keys)).map(toTarget);
    },
  };
}

/** Returns an update that sets the present fields and removes the absent ones of `optional`. */
function assignments(fields: object, optional: readonly string[] = []) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  const names = present.map(([name]) => name);
  const gone = optional.filter((name) => !names.includes(name));
  const sets = names.length === 0 ? [] : [`SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`];
  const removals = gone.length === 0 ? [] : [`REMOVE ${gone.map((name) => `#${name}`).join(', ')}`];
  return {
    UpdateExpression: [...sets, ...removals].join(' '),
    ExpressionAttributeNames: Object.fromEntries([...names, ...gone].map((name) => [`#${name}`, name])),
    // DynamoDB rejects an empty map of values.
    ...(names.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
    }),
  };
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

/** Returns the fields of a store as its row has them. */
const fieldsOf = (store: Store) => ({
  ...store,
  location: textOf(store.location),
  openingHours: textOf(store.openingHours),
  earlierClocks: textOf(store.earlierClocks),
});

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function toStore(item: Record<string, unknown>): Store {
  return {
    storeId: item['storeId'] as StoreId,
    name: String(item['name']),
    ...(item['nameZh'] === undefined ? {} : { nameZh: String(item['nameZh']) }),
    cityId: item['cityId'] as CityId,
    regionId: item['regionId'] as RegionId,
    timeZone: String(item['timeZone']),
    dayCutMinutes: Number(item['dayCutMinutes']),
    currency: String(item['currency']),
    tills: item['tills'] as TillId[],
    ...(item['country'] === undefined ? {} : { country: String(item['country']) }),
    ...(item['isHealthService'] === true ? { isHealthService: true } : {}),
    // Rows written before there were law settings have none.
    ...(item['law'] === undefined ? {} : { law: toLaw(item['law'] as Record<string, unknown>) }),
    ...(item['location'] === undefined
      ? {}
      : { location: JSON.parse(String(item['location'])) as StoreLocation }),
    ...(item['openingHours'] === undefined
      ? {}
      : { openingHours: JSON.parse(String(item['openingHours'])) as OpeningHours }),
    ...(item['earlierClocks'] === undefined
      ? {}
      : { earlierClocks: JSON.parse(String(item['earlierClocks'])) as EarlierClock[] }),
  };
}

function toLaw(item: Record<string, unknown>): LawSettings {
  return {
    jurisdiction: item['jurisdiction'] as Jurisdiction,
    ...(item['signSince'] === undefined ? {} : { signSince: item['signSince'] as BusinessDay }),
    face: item['face'] as FaceMode,
    watchList: item['watchList'] === true,
    ...(item['visitorRetentionDays'] === undefined
      ? {}
      : { visitorRetentionDays: Number(item['visitorRetentionDays']) }),
    ...(item['memberRetentionDays'] === undefined
      ? {}
      : { memberRetentionDays: Number(item['memberRetentionDays']) }),
    ...(item['readers'] === undefined ? {} : { readers: item['readers'] as string[] }),
  };
}

function toTarget(item: Record<string, unknown>): Target {
  return {
    storeId: String(item['pk']).slice('TARGET#'.length) as StoreId,
    day: item['sk'] as BusinessDay,
    netSales: item['netSales'] as bigint,
  };
}
