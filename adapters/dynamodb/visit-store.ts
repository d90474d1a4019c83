/**
 * Stays in DynamoDB: one row per visitor, store and business day, with the evidence, what the log was told of it, and
 * what it is still to be told. Visits are not kept; they are what the evidence comes to.
 *
 *   pk = VISITOR#<visitorId>   sk = DAY#<businessDay>#STORE#<storeId>
 *   version, revision, parts (JSON), told (JSON), pending? (JSON), firsts, dueAtMs?, recheckAtMs?, expiresAt
 *   ByStoreDay   gsi1pk = STORE#<storeId>#DAY#<businessDay>, with #STAFF behind it for staff
 *                gsi1sk = <first seen, UTC>#<visitorId>; on no row whose visitor proved to be another
 *   Due          gsi2pk = DUE#<0 … 7>   gsi2sk = <due, UTC>#<pk>#<sk>; on rows alone that somebody has to look at again
 *
 * Staff stand apart because a closing asks for them alone: to read the whole day for it would cost a thousand times as much.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { StayKey } from '#domain/place/stay.ts';
import {
  dueKey,
  fromRow,
  keyOfRow,
  type Row,
  rowKey,
  type StoredStay,
  storeDayKey,
  timeText,
  toRow,
} from './stay-row.ts';

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number }
  /** Somebody has written since it was read. */
  | { readonly kind: 'conflict' }
  /** The table will never take it (too large, say). */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** First moments of a visitor's visits on one day in one store. */
export interface PastStay extends StayKey {
  readonly firstSeenAtMs: readonly number[];
}

export interface VisitStore {
  /** As of the last write. */
  load(key: StayKey): Promise<StoredStay | undefined>;
  /** Writes a stay over the version it was read at. */
  save(stored: StoredStay, nowMs: number): Promise<SaveOutcome>;
  /** All stays of a visitor from a day on, in the order of days, as of the last write. */
  ofVisitor(visitorId: VisitorId, from?: BusinessDay): AsyncIterable<StoredStay>;
  /** Stays of a visitor up to a day, that day's first, as of the last write; whoever has read enough stops. */
  history(visitorId: VisitorId, upTo: BusinessDay): AsyncIterable<PastStay>;
  /** Shoppers of a store's day who came in from one moment to another, both counted, by their first moment. A write shows within a second or so. */
  ofDay(storeId: StoreId, day: BusinessDay, from?: number, to?: number): AsyncIterable<StoredStay>;
  /** The staff of a store's day, likewise. */
  staffOfDay(storeId: StoreId, day: BusinessDay): AsyncIterable<StoredStay>;
  /** What is due of one shard, the longest overdue first. A write shows within a second or so, so it may be done already. */
  due(shard: number, nowMs: number): AsyncIterable<StayKey>;
}

/** Before every text that begins with a time; a key may not be compared with nothing. */
const BEGINNING = '!';
/** Behind every text that begins with a time or a day. */
const END = '~';
/** Standing asks for two earlier visits, which are two rows, or one more where today has been in two stores. */
const HISTORY_PAGE = 4;

export function dynamoVisitStore(client: DynamoDBDocumentClient, TableName: string): VisitStore {
  async function* query(input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Row> {
    for await (const page of paginateQuery({ client }, { TableName, ...input })) yield* page.Items ?? [];
  }

  async function* byStoreDay(key: string, from?: number, to?: number): AsyncGenerator<StoredStay> {
    const rows = query({
      IndexName: 'ByStoreDay',
      KeyConditionExpression: 'gsi1pk = :pk AND gsi1sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': key,
        ':from': from === undefined ? BEGINNING : timeText(from),
        ':to': to === undefined ? END : `${timeText(to)}${END}`,
      },
    });
    for await (const row of rows) yield fromRow(row);
  }

  return {
    async load(key) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: rowKey(key), ConsistentRead: true }),
      );
      return Item && fromRow(Item);
    },

    async save(stored, nowMs) {
      const version = stored.version + 1;
      const put = new PutCommand({
        TableName,
        Item: toRow({ ...stored, version }, nowMs),
        ConditionExpression: stored.version === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
        ...(stored.version === 0 ? {} : { ExpressionAttributeValues: { ':seen': stored.version } }),
      });
      try {
        await client.send(put);
        return { kind: 'saved', version };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: 'conflict' };
        if ((error as Error).name === 'ValidationException')
          return { kind: 'unstorable', reason: (error as Error).message };
        throw error;
      }
    },

    async *ofVisitor(visitorId, from) {
      const rows = query({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': `VISITOR#${visitorId}`,
          ':from': `DAY#${from ?? ''}`,
          ':to': `DAY#${END}`,
        },
        ConsistentRead: true,
      });
      for await (const row of rows) yield fromRow(row);
    },

    async *history(visitorId, upTo) {
      const rows = query({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': `VISITOR#${visitorId}`,
          ':from': 'DAY#',
          ':to': `DAY#${upTo}${END}`,
        },
        ProjectionExpression: 'pk, sk, firsts',
        ScanIndexForward: false,
        Limit: HISTORY_PAGE,
        ConsistentRead: true,
      });
      for await (const row of rows) {
        yield { ...keyOfRow(row), firstSeenAtMs: (row['firsts'] as bigint[]).map(Number) };
      }
    },

    ofDay: (storeId, day, from, to) => byStoreDay(storeDayKey(storeId, day, false), from, to),
    staffOfDay: (storeId, day) => byStoreDay(storeDayKey(storeId, day, true)),

    async *due(shard, nowMs) {
      const rows = query({
        IndexName: 'Due',
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk < :end',
        ExpressionAttributeValues: { ':pk': dueKey(shard), ':end': `${timeText(nowMs)}${END}` },
        ProjectionExpression: 'pk, sk',
      });
      for await (const row of rows) yield keyOfRow(row);
    },
  };
}
