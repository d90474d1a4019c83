/**
 * Who proved to be somebody else, in the visits table. Two ids of one person stay two ids, and one points at the other:
 * what is taken back is a pointer, and everything that was seen under either id is still told apart.
 *
 *   pk = ALIAS#<visitorId>        sk = ALIAS               into, expiresAt
 *   pk = VISITOR#<into>           sk = ALIAS#<visitorId>   expiresAt
 *
 * The second row is for asking the other way round. It is written before the first and taken away after it, so a pointer
 * that is there is found from both its ends; one whose first row is gone counts for nothing.
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
