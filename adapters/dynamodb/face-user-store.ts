/**
 * Users in the faces table: who may be recognised, on what legal basis, and which user each face belongs to.
 *
 * They are spread over sixteen partitions, so that all can be read every hour without a hot partition. A face's row is
 * written before the face is added to its user: a search finds a face at once and its user a second later.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { FaceUserStore } from '#application/ports/face-user-store.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { FaceConsent, FaceUser, UserKind } from '#domain/people/faces/face-user.ts';
import { batchGet } from './cell-store.ts';
import type { Row, Rows } from './face-rows.ts';
import { seenText, toSeen } from './store-day-text.ts';

const userKey = (userId: string) => ({ pk: `USERS#${shardOf(userId)}`, sk: userId });
const faceKey = (faceId: string) => ({ pk: `FACE#${faceId}`, sk: 'FACE' });

const SHARDS = '0123456789abcdef';
/** Java's string hash: it only has to spread. */
function shardOf(userId: string): string {
  let hash = 0;
  for (const character of userId) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return SHARDS[hash % SHARDS.length] ?? '0';
}

/** Returns the store of face users: a list of short methods over one table. */
export function dynamoFaceUserStore(
  client: DynamoDBDocumentClient,
  TableName: string,
  { update }: Rows,
): FaceUserStore {
  const updateUser = (userId: string, change: string, values: Record<string, unknown>) =>
    update({
      Key: userKey(userId),
      UpdateExpression: change,
      // A row that was just deleted must not be created again with this attribute alone.
      ConditionExpression: 'attribute_exists(pk)',
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    });

  async function seenAt(userId: string, atMs: number): Promise<void> {
    await update({
      Key: userKey(userId),
      UpdateExpression: 'SET lastSeenAtMs = :at',
      ConditionExpression: 'attribute_exists(pk) AND lastSeenAtMs < :at',
      ExpressionAttributeValues: { ':at': atMs },
    });
  }

  return {
    async users(userIds) {
      return (await batchGet(client, TableName, [...new Set(userIds)].map(userKey))).map(toUser);
    },
    async *allUsers() {
      for (const shard of SHARDS) {
        const pages = paginateQuery(
          { client },
          {
            TableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': `USERS#${shard}` },
            ConsistentRead: true,
          },
        );
        for await (const page of pages) yield* (page.Items ?? []).map(toUser);
      }
    },
    async enrol(user) {
      for (const faceId of user.faceIds) {
        await client.send(new PutCommand({ TableName, Item: { ...faceKey(faceId), userId: user.userId } }));
      }
      const sets = [
        ...(user.faceIds.length === 0 ? [] : ['faceIds :faceIds']),
        ...(user.seenOn.length === 0 ? [] : ['seenOn :seenOn']),
      ];
      await update({
        Key: userKey(user.userId),
        UpdateExpression:
          `SET kind = :kind, storeId = if_not_exists(storeId, :storeId), ` +
          `enrolledAtMs = if_not_exists(enrolledAtMs, :enrolled), ` +
          `lastSeenAtMs = if_not_exists(lastSeenAtMs, :lastSeen)` +
          (user.consent === undefined ? '' : ', consent = :consent') +
          (sets.length === 0 ? '' : ` ADD ${sets.join(', ')}`),
        ExpressionAttributeValues: {
          ':kind': user.kind,
          ':storeId': user.storeId,
          ':enrolled': user.enrolledAtMs,
          ':lastSeen': user.lastSeenAtMs,
          ...(user.consent === undefined ? {} : { ':consent': user.consent }),
          ...(user.faceIds.length === 0 ? {} : { ':faceIds': new Set(user.faceIds) }),
          ...(user.seenOn.length === 0 ? {} : { ':seenOn': new Set(user.seenOn.map(seenText)) }),
        },
      });
    },
    async usersOfFaces(faceIds) {
      const rows = await batchGet(client, TableName, [...new Set(faceIds)].map(faceKey));
      return new Map(rows.map((row) => [String(row['pk']).slice('FACE#'.length), String(row['userId'])]));
    },
    async addFace(userId, faceId) {
      const row = await updateUser(userId, 'ADD faceIds :face', { ':face': new Set([faceId]) });
      if (row !== undefined)
        await client.send(new PutCommand({ TableName, Item: { ...faceKey(faceId), userId } }));
    },
    async dropFace(userId, faceId) {
      await update({
        Key: userKey(userId),
        UpdateExpression: 'DELETE faceIds :face',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':face': new Set([faceId]) },
      });
      await deleteFaceOf(userId, faceId);
    },
    async seen(userId, on, atMs) {
      await updateUser(userId, 'ADD seenOn :on', { ':on': new Set([seenText(on)]) });
      await seenAt(userId, atMs);
    },
    seenAt,
    async withdraw(userId, atMs) {
      await update({
        Key: userKey(userId),
        UpdateExpression: 'SET consent.withdrawnAtMs = :at',
        ConditionExpression: 'attribute_exists(consent) AND attribute_not_exists(consent.withdrawnAtMs)',
        ExpressionAttributeValues: { ':at': atMs },
      });
    },
    async setMergedInto(userId, into) {
      if (into === undefined) await updateUser(userId, 'REMOVE mergedInto', {});
      else await updateUser(userId, 'SET mergedInto = :into', { ':into': into });
    },
    async forget(userId, faceIds) {
      for (const faceId of faceIds) await deleteFaceOf(userId, faceId);
      await client.send(new DeleteCommand({ TableName, Key: userKey(userId) }));
    },
  };

  /** A face that moved to another user meanwhile keeps its row. */
  async function deleteFaceOf(userId: string, faceId: string): Promise<void> {
    try {
      await client.send(
        new DeleteCommand({
          TableName,
          Key: faceKey(faceId),
          ConditionExpression: 'attribute_not_exists(pk) OR userId = :user',
          ExpressionAttributeValues: { ':user': userId },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const sorted = (set: unknown): string[] => [...((set as Iterable<string> | undefined) ?? [])].sort();

function toUser(item: Row): FaceUser {
  const consent = item['consent'] as Record<string, unknown> | undefined;
  return {
    userId: String(item['sk']),
    kind: item['kind'] as UserKind,
    storeId: item['storeId'] as StoreId,
    enrolledAtMs: Number(item['enrolledAtMs']),
    lastSeenAtMs: Number(item['lastSeenAtMs']),
    faceIds: sorted(item['faceIds']),
    seenOn: sorted(item['seenOn']).map(toSeen),
    ...(consent === undefined ? {} : { consent: toConsent(consent) }),
    ...(item['mergedInto'] === undefined ? {} : { mergedInto: String(item['mergedInto']) }),
  };
}

const toConsent = (item: Row): FaceConsent => ({
  proof: String(item['proof']),
  grantedAtMs: Number(item['grantedAtMs']),
  ...(item['withdrawnAtMs'] === undefined ? {} : { withdrawnAtMs: Number(item['withdrawnAtMs']) }),
});
