/**
 * Aliases of visitors in DynamoDB, in the visits table. Two ids of one visitor stay two ids, and one points at the other: to
 * undo a merge only the pointer is removed, and the evidence of either id is still separate.
 *
 *   pk = ALIAS#<visitorId>        sk = ALIAS               into, expiresAt
 *   pk = VISITOR#<into>           sk = ALIAS#<visitorId>   expiresAt
 *
 * The second row is the reverse index. It is written before the first and deleted after it, so every pointer is found from
 * both ends; a reverse row without its pointer is ignored.
 */

import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import { batchGet } from './cell-store.ts';
import { expiryOf } from './visitor-day-row.ts';

const PREFIX = 'ALIAS#';
const aliasKey = (visitorId: VisitorId) => ({ pk: `${PREFIX}${visitorId}`, sk: 'ALIAS' });
const reverseKey = (visitorId: VisitorId, into: VisitorId) => ({
  pk: `VISITOR#${into}`,
  sk: `${PREFIX}${visitorId}`,
});

export function dynamoAliasStore(client: DynamoDBDocumentClient, TableName: string): AliasStore {
  async function intoOf(visitorIds: readonly VisitorId[]): Promise<Map<VisitorId, VisitorId>> {
    const items = await batchGet(client, TableName, [...new Set(visitorIds)].map(aliasKey));
    return new Map(
      items.map((item) => [
        String(item['pk']).slice(PREFIX.length) as VisitorId,
        String(item['into']) as VisitorId,
      ]),
    );
  }

  return {
    intoOf,

    async aliasesOf(visitorId) {
      const found: VisitorId[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': `VISITOR#${visitorId}`, ':prefix': PREFIX },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) found.push(String(item['sk']).slice(PREFIX.length) as VisitorId);
      }
      const into = await intoOf(found);
      return found.filter((id) => into.get(id) === visitorId);
    },

    async point(visitorId, into, nowMs) {
      const expiresAt = expiryOf(nowMs);
      for (const key of [reverseKey(visitorId, into), { ...aliasKey(visitorId), into }]) {
        await client.send(new PutCommand({ TableName, Item: { ...key, expiresAt } }));
      }
    },

    async release(visitorId, into) {
      if ((await intoOf([visitorId])).get(visitorId) !== into) return;
      for (const Key of [aliasKey(visitorId), reverseKey(visitorId, into)]) {
        await client.send(new DeleteCommand({ TableName, Key }));
      }
    },
  };
}
