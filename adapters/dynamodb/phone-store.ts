/**
 * Customers' phones in DynamoDB, in the campaigns table: one item per phone, which leads from a position to its customer and
 * from a push to its endpoint. The token stays with the push service; this is the push service's id for it.
 *
 *   pk = PHONE#<deviceId>   sk = PHONE   personId, keyId, platform, endpointArn, language, linkBase, boundAtMs
 *   pk = ENDPOINT#<arn>     sk = ENDPOINT   deviceId
 *   ByPerson   gsi1pk = PERSON#<personId>   gsi1sk = <pk>#<sk>
 *
 * A phone that is sold and linked to another customer keeps its endpoint. The last linked customer holds the endpoint; no
 * other customer receives pushes through it.
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
      // A phone reports its position within the same second in which it is linked.
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
