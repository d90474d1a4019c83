/**
 * Shoppers' phones in DynamoDB, in the table of moments: one item per phone, by which a position finds its owner and a push
 * its way. What the push service needs to reach the phone is with the push service; here is its name for it.
 *
 *   pk = PHONE#<deviceId>   sk = PHONE   personId, keyId, platform, endpointArn, language, linkBase, boundAtMs
 *   pk = ENDPOINT#<arn>     sk = ENDPOINT   deviceId
 *   ByPerson   gsi1pk = PERSON#<personId>   gsi1sk = <pk>#<sk>
 *
 * A phone that is sold and bound to somebody else keeps its endpoint. Whoever it was bound to last holds the endpoint, and
 * nobody else is pushed to through it.
 */

import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Phone, PhoneStore } from '#application/ports/phone-store.ts';
import type { DeviceId, PersonId } from '#domain/chain/ids.ts';

const keyOf = (deviceId: DeviceId) => ({ pk: `PHONE#${deviceId}`, sk: 'PHONE' });
const endpointKey = (endpointArn: string) => ({ pk: `ENDPOINT#${endpointArn}`, sk: 'ENDPOINT' });

const about = (personId: PersonId, key: { readonly pk: string; readonly sk: string }) => ({
  ...key,
  gsi1pk: `PERSON#${personId}`,
  gsi1sk: `${key.pk}#${key.sk}`,
});

export function dynamoPhoneStore(client: DynamoDBDocumentClient, TableName: string): PhoneStore {
  return {
    async get(deviceId) {
      // A phone tells where it is in the very second in which it was bound.
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: keyOf(deviceId), ConsistentRead: true }),
      );
      return Item && toPhone(deviceId, Item);
    },
    async put(phone) {
      const { deviceId, ...fields } = phone;
      const { personId, endpointArn } = phone;
      const items = [
        { ...about(personId, endpointKey(endpointArn)), deviceId },
        { ...about(personId, keyOf(deviceId)), ...fields },
      ];
      for (const Item of items) await client.send(new PutCommand({ TableName, Item }));
    },
    async holderOf(endpointArn) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: endpointKey(endpointArn), ConsistentRead: true }),
      );
      return Item?.['deviceId'] as DeviceId | undefined;
    },
  };
}

const toPhone = (deviceId: DeviceId, item: Record<string, unknown>): Phone => ({
  deviceId,
  personId: item['personId'] as PersonId,
  keyId: String(item['keyId']),
  platform: item['platform'] as Phone['platform'],
  endpointArn: String(item['endpointArn']),
  language: item['language'] as Phone['language'],
  linkBase: String(item['linkBase']),
  boundAtMs: Number(item['boundAtMs']),
});
