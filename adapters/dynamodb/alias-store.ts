/**
 * Aliases of visitors in DynamoDB, in the visits table. Two ids of one visitor stay two ids, and one points at the other: to
 * undo a merge only the pointer is removed, and the evidence of either id is still separate.
 *
 *   pk = ALIAS#<visitorId>        sk = ALIAS               into, expiresAt
 *   pk = VISITOR#<into>           sk = ALIAS#<visitorId>   expiresAt
 *   pk = ALIAS#<track>            sk = CLAIM#<instant>#<into>   into, atMs, expiresAt
 *
 * The second row is the reverse index. It is written before the first and deleted after it, so every pointer is found from
 * both ends; a reverse row without its pointer is ignored. A track has no pointer but claims, one for each picture on which a
 * face was recognised: another picture of the same number may show another body.
 */

import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { TrackClaim } from '#domain/place/visits/track-stays.ts';
import { batchGet } from './cell-store.ts';
import { expiryOf, timeText } from './visitor-day-row.ts';

const PREFIX = 'ALIAS#';
const aliasKey = (visitorId: VisitorId) => ({ pk: `${PREFIX}${visitorId}`, sk: 'ALIAS' });
const claimKey = (trackId: VisitorId, { into, atMs }: TrackClaim) => ({
  pk: `${PREFIX}${trackId}`,
  sk: `CLAIM#${timeText(atMs)}#${into}`,
});
const reverseKey = (visitorId: VisitorId, into: VisitorId) => ({
  pk: `VISITOR#${into}`,
  sk: `${PREFIX}${visitorId}`,
});

/** Returns the store of aliases and claims: a list of short methods over one table. */
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

  async function claimsOn(trackId: VisitorId): Promise<TrackClaim[]> {
    const claims: TrackClaim[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': `${PREFIX}${trackId}`, ':prefix': 'CLAIM#' },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? [])
        claims.push({ into: String(item['into']) as VisitorId, atMs: Number(item['atMs']) });
    }
    return claims;
  }

  return {
    intoOf,
    claimsOn,

    async claim(trackId, claim, nowMs) {
      const Item = { ...claimKey(trackId, claim), ...claim, expiresAt: expiryOf(nowMs) };
      await client.send(new PutCommand({ TableName, Item }));
    },

    async unclaim(trackId, into) {
      for (const claim of await claimsOn(trackId)) {
        if (claim.into !== into) continue;
        await client.send(new DeleteCommand({ TableName, Key: claimKey(trackId, claim) }));
      }
    },

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
