import {
  AssociateTrackerConsumerCommand,
  CreateGeofenceCollectionCommand,
  CreateTrackerCommand,
  UpdateTrackerCommand,
} from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import {
  COLLECTION_ARN,
  CollectionName,
  northOf,
  SHOP,
  startWithClient,
  startWithTracker,
  TRACKER_ARN,
  TrackerName,
} from './location-client.ts';

const create = (name = TrackerName, rest = {}) => new CreateTrackerCommand({ TrackerName: name, ...rest });

describe('a tracker', () => {
  it('is created with an ARN and the time of creation', async () => {
    const { client, clock } = await startWithClient();
    const optional = { Description: 'phones', Tags: { chain: 'aisle' } };
    const CreateTime = new Date(clock.nowMs());
    expect(await client.send(create(TrackerName, optional))).toMatchObject({
      TrackerName,
      TrackerArn: TRACKER_ARN,
      CreateTime,
    });
  });

  it('changes the settings that an update names and keeps the others', async () => {
    const { client, clock, events, send } = await startWithTracker('TimeBased');
    clock.advance(5_000);
    const UpdateTime = new Date(clock.nowMs());
    expect(
      await client.send(new UpdateTrackerCommand({ TrackerName, EventBridgeEnabled: true })),
    ).toMatchObject({ TrackerName, TrackerArn: TRACKER_ARN, UpdateTime });
    await client.send(new UpdateTrackerCommand({ TrackerName, PositionFiltering: 'DistanceBased' }));
    await send({ at: SHOP }, { at: northOf(SHOP, 10), s: 60 }, { at: northOf(SHOP, 40), s: 61 });
    expect(events.map(({ detail }) => detail.Position)).toEqual([SHOP, northOf(SHOP, 40)]);
  });

  it('rejects a duplicate name, an invalid name, an unknown filter, and a tracker beyond the quota', async () => {
    const { client } = await startWithClient({ quotas: { trackersMax: 1 } });
    await client.send(create());
    await expect(client.send(create())).rejects.toMatchObject({
      name: 'ConflictException',
      message: `Tracker already exists: ${TrackerName}.`,
    });
    await expect(client.send(create('a/b'))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(client.send(create('b', { PositionFiltering: 'Sometimes' }))).rejects.toMatchObject({
      name: 'ValidationException',
      FieldList: [{ Name: 'positionFiltering' }],
    });
    await expect(client.send(create('b'))).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  });

  it('is not found under a name that no tracker has', async () => {
    const { client } = await startWithClient();
    const notFound = { name: 'ResourceNotFoundException', message: `Tracker not found: ${TrackerName}.` };
    for (const call of [
      () => client.send(new UpdateTrackerCommand({ TrackerName })),
      () => client.send(new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn: COLLECTION_ARN })),
    ]) {
      await expect(call()).rejects.toMatchObject(notFound);
    }
  });
});

describe('a link from a tracker to a collection', () => {
  const link = (ConsumerArn: string) => new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn });
  const arnOf = (name: string) => COLLECTION_ARN.replace(CollectionName, name);

  it('is created once, to a collection that exists in this account and region', async () => {
    const { client } = await startWithTracker();
    await expect(client.send(link(COLLECTION_ARN))).rejects.toMatchObject({ name: 'ConflictException' });
    for (const arn of [arnOf('missing'), COLLECTION_ARN.replace('us-east-1', 'eu-west-1'), TRACKER_ARN]) {
      await expect(client.send(link(arn))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
    await expect(client.send(link('aisle-fences'))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is rejected beyond five per tracker', async () => {
    const { client } = await startWithTracker();
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      await client.send(new CreateGeofenceCollectionCommand({ CollectionName: name }));
    }
    for (const name of ['b', 'c', 'd', 'e']) await client.send(link(arnOf(name)));
    await expect(client.send(link(arnOf('f')))).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
    });
  });
});
