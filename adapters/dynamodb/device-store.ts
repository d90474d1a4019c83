/**
 * Device keys in DynamoDB: one item per key. The secret itself is never stored; an item contains only its hash.
 *
 *   pk = KEY#<keyId>   sk = KEY   keyId, deviceId, storeId?, kinds, secretHash, createdAtMs, goodUntilMs?, revokedAtMs?
 *
 * A device has one item per key it was ever issued, so rotation leaves a history and a till that was switched off for a
 * week gets "replaced" instead of "unknown". A chain has a few thousand keys and lists them by hand, so listing is a scan
 * and needs no index.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { DeviceStore, EndOutcome } from '#application/ports/device-store.ts';
import type { DeviceKey, DeviceKind } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';

const keyOf = (keyId: string) => ({ pk: `KEY#${keyId}`, sk: 'KEY' });

export function dynamoDeviceStore(client: DynamoDBDocumentClient, TableName: string): DeviceStore {
  async function find(keyId: string): Promise<DeviceKey | undefined> {
    // A till is often switched on right after its key was issued, which an eventually consistent read may miss.
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: keyOf(keyId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toDeviceKey(Item);
  }

  /** Sets one time of an existing key, if the stored time is later or absent. */
  async function end(keyId: string, attribute: string, atMs: number): Promise<EndOutcome> {
    const update = new UpdateCommand({
      TableName,
      Key: keyOf(keyId),
      UpdateExpression: 'SET #at = :at',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(#at) OR #at > :at)',
      ExpressionAttributeNames: { '#at': attribute },
      ExpressionAttributeValues: { ':at': atMs },
    });
    try {
      await client.send(update);
      return { kind: 'ended' };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { kind: (await find(keyId)) === undefined ? 'unknown' : 'unchanged' };
    }
  }

  return {
    find,
    async put(key) {
      await client.send(
        new PutCommand({
          TableName,
          Item: { ...keyOf(key.keyId), ...key },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },
    async list() {
      const keys: DeviceKey[] = [];
      for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        for (const item of page.Items ?? []) keys.push(toDeviceKey(item));
      }
      return keys;
    },
    expire: (keyId, goodUntilMs) => end(keyId, 'goodUntilMs', goodUntilMs),
    revoke: (keyId, revokedAtMs) => end(keyId, 'revokedAtMs', revokedAtMs),
    async remove(keyId) {
      await client.send(new DeleteCommand({ TableName, Key: keyOf(keyId) }));
    },
  };
}

function toDeviceKey(item: Record<string, unknown>): DeviceKey {
  return {
    keyId: String(item['keyId']),
    deviceId: item['deviceId'] as DeviceId,
    ...(item['storeId'] === undefined ? {} : { storeId: item['storeId'] as StoreId }),
    kinds: item['kinds'] as DeviceKind[],
    secretHash: String(item['secretHash']),
    createdAtMs: Number(item['createdAtMs']),
    ...(item['goodUntilMs'] === undefined ? {} : { goodUntilMs: Number(item['goodUntilMs']) }),
    ...(item['revokedAtMs'] === undefined ? {} : { revokedAtMs: Number(item['revokedAtMs']) }),
  };
}
