import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { describeSensorStore } from '../../support/describe-sensor-store.ts';
import { memorySensorStore } from '../../support/memory-sensor-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeSensorStore('in memory', async () => memorySensorStore());

onEveryEngine((name, newTable) => {
  describeSensorStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoSensorStore(client, table);
  });
});
