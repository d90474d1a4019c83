/**
 * The sensors of stores in DynamoDB, in the chain table: one item per sensor.
 *
 *   pk = SENSOR#<storeId>   sk = <sensorId>   kind, zones, sampleGapMsMax, isCounting, leastMs, drawnFor?, lane?
 *
 * A store's sensors are one partition: a batch of sightings needs one query. Zones are stored as JSON text, because
 * coordinates may have decimals and numbers of a table are read as integers here.
 */

import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { PictureSize, Sensor, SensorKind, SensorLane, Zone } from '#domain/place/visits/sensor.ts';

const keyOf = (storeId: StoreId, sensorId: SensorId) => ({ pk: `SENSOR#${storeId}`, sk: sensorId });

export function dynamoSensorStore(client: DynamoDBDocumentClient, TableName: string): SensorStore {
  return {
    async list(storeId) {
      const sensors: Sensor[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `SENSOR#${storeId}` },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) sensors.push(...(page.Items ?? []).map(toSensor));
      return sensors;
    },
    async get(storeId, sensorId) {
      const Key = keyOf(storeId, sensorId);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item === undefined ? undefined : toSensor(Item);
    },
    async put({ storeId, sensorId, kind, zones, sampleGapMsMax, counts, drawnFor, lane }) {
      const Item = {
        ...keyOf(storeId, sensorId),
        kind,
        zones: JSON.stringify(zones),
        sampleGapMsMax,
        ...counts,
        ...(drawnFor === undefined ? {} : { drawnFor: JSON.stringify(drawnFor) }),
        ...(lane === undefined ? {} : { lane }),
      };
      await client.send(new PutCommand({ TableName, Item }));
    },
    async remove(storeId, sensorId) {
      const Key = keyOf(storeId, sensorId);
      const { Attributes } = await client.send(
        new DeleteCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }),
      );
      return Attributes !== undefined;
    },
  };
}

function toSensor(item: Record<string, unknown>): Sensor {
  return {
    storeId: String(item['pk']).slice('SENSOR#'.length) as StoreId,
    sensorId: item['sk'] as SensorId,
    kind: item['kind'] as SensorKind,
    zones: JSON.parse(String(item['zones'])) as Zone[],
    sampleGapMsMax: Number(item['sampleGapMsMax']),
    ...(item['lane'] === undefined ? {} : { lane: item['lane'] as SensorLane }),
    // Rows of earlier releases have none of these: every sensor counted at once, in its own pixels.
    counts: { isCounting: item['isCounting'] !== false, leastMs: Number(item['leastMs'] ?? 0) },
    ...(item['drawnFor'] === undefined
      ? {}
      : { drawnFor: JSON.parse(String(item['drawnFor'])) as PictureSize }),
  };
}
