/**
 * Everything stored of faces beside their vectors, in DynamoDB. No pictures; of a frame only its plan and result.
 *
 *   pk = FRAME#<frameId>      sk = FRAME        state, attempt, startedAtMs, planJson?, resultJson?, expiresAt
 *   pk = CALLS#<storeId>      sk = <YYYY-MM-DD> spent, expiresAt
 *   pk = CALLS#<storeId>      sk = MAX          callsMax
 *   pk = USERS#<0 … f>        sk = <userId>     the user's fields; faceIds and seenOn as sets
 *   pk = FACE#<faceId>        sk = FACE         userId
 *   pk = PAIR#<userId>#<userId>  sk = <frameId> expiresAt
 *   pk = ALIAS#<userId>       sk = ALIAS        into, storeId, faceIds, seenOn, mergedAtMs, state
 */

import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FaceStore, FaceUserAlias } from '#application/ports/face-store.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { EVIDENCE_DAYS_MAX } from '#domain/people/faces/merge-evidence.ts';
import { expiryOf, type Row, rowsOf } from './face-rows.ts';
import { dynamoFaceUserStore } from './face-user-store.ts';
import { dynamoFrameStore } from './frame-store.ts';
import { seenText, toSeen } from './store-day-text.ts';

const aliasKey = (from: string) => ({ pk: `ALIAS#${from}`, sk: 'ALIAS' });
const callsMaxKey = (storeId: StoreId) => ({ pk: `CALLS#${storeId}`, sk: 'MAX' });

const CALLS_KEPT_DAYS = 100;

/** More evidence than this is not counted; a merge needs far less. */
const EVIDENCE_COUNT_MAX = 10;

export function dynamoFaceStore(client: DynamoDBDocumentClient, TableName: string): FaceStore {
  const rows = rowsOf(client, TableName);
  const { read, update } = rows;
  return {
    ...dynamoFrameStore(rows),
    ...dynamoFaceUserStore(client, TableName, rows),
    async spend(storeId, day, calls, callsMax) {
      if (calls > callsMax) return false;
      const row = await update({
        Key: { pk: `CALLS#${storeId}`, sk: day },
        UpdateExpression: 'SET expiresAt = :expiry ADD spent :calls',
        ConditionExpression: 'attribute_not_exists(spent) OR spent <= :room',
        ExpressionAttributeValues: {
          ':calls': calls,
          ':room': callsMax - calls,
          ':expiry': expiryOf(Date.parse(`${day}T00:00:00Z`), CALLS_KEPT_DAYS),
        },
      });
      return row !== undefined;
    },
    async callsMax(storeId) {
      const row = await read(callsMaxKey(storeId));
      return row === undefined ? undefined : Number(row['callsMax']);
    },
    async setCallsMax(storeId, callsMax) {
      await client.send(new PutCommand({ TableName, Item: { ...callsMaxKey(storeId), callsMax } }));
    },

    async addEvidence([a, b], frameId, nowMs) {
      const pk = `PAIR#${a}#${b}`;
      const expiresAt = expiryOf(nowMs, EVIDENCE_DAYS_MAX);
      await client.send(new PutCommand({ TableName, Item: { pk, sk: frameId, expiresAt } }));
      const { Count } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          Select: 'COUNT',
          Limit: EVIDENCE_COUNT_MAX,
        }),
      );
      return Count ?? 0;
    },
    async alias(from) {
      const row = await read(aliasKey(from));
      return row && toAlias(from, row);
    },
    async putAlias({ from, seenOn, ...alias }) {
      const Item = { ...aliasKey(from), ...alias, seenOn: seenOn.map(seenText) };
      await client.send(new PutCommand({ TableName, Item }));
    },
  };
}

const toAlias = (from: string, item: Row): FaceUserAlias => ({
  from,
  into: String(item['into']),
  storeId: item['storeId'] as StoreId,
  faceIds: (item['faceIds'] as string[]) ?? [],
  seenOn: ((item['seenOn'] as string[]) ?? []).map(toSeen),
  mergedAtMs: Number(item['mergedAtMs']),
  state: item['state'] as FaceUserAlias['state'],
});
