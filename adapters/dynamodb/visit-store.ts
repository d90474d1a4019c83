/**
 * Visitor days in DynamoDB: one row per visitor, store and business day, with its evidence, its published visits and its
 * pending revision. Visits themselves are not stored; they are computed from the evidence.
 *
 *   pk = VISITOR#<visitorId>   sk = DAY#<businessDay>#STORE#<storeId>
 *   version, revision, parts (JSON), published (JSON), pending? (JSON), firsts, dueAtMs?, recheckAtMs?, expiresAt
 *   ByStoreDay   gsi1pk = STORE#<storeId>#DAY#<businessDay>, with the suffix #STAFF for staff
 *                gsi1sk = <first seen, UTC>#<visitorId>; absent if all evidence was moved to another visitor
 *   Due          gsi2pk = DUE#<0 … 7>   gsi2sk = <due, UTC>#<pk>#<sk>; only on rows that must be checked again
 *
 * Staff have a partition of their own because closing visits reads only them: reading the whole day would cost a thousand
 * times as much.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { StoredVisitorDay, VisitStore } from '#application/ports/visit-store.ts';
import { rowKey } from '#domain/place/visits/visitor-day-key.ts';
import { dueKey, fromRow, keyOfRow, type Row, storeDayKey, timeText, toRow } from './visitor-day-row.ts';

/** Sorts before every text that begins with a time; a key condition needs a non-empty text. */
const BEGINNING = '!';
/** Sorts after every text that begins with a time or a day. */
const END = '~';
/** The visit frequency needs two earlier visits, which are two rows, or one more if today includes two stores. */
const HISTORY_PAGE = 4;

/** Returns the store of visitor days: a list of short methods over one table. */
export function dynamoVisitStore(client: DynamoDBDocumentClient, TableName: string): VisitStore {
  async function* query(input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Row> {
    for await (const page of paginateQuery({ client }, { TableName, ...input })) yield* page.Items ?? [];
  }

  async function* byStoreDay(key: string, from?: number, to?: number): AsyncGenerator<StoredVisitorDay> {
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
