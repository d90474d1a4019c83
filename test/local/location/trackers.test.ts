import {
  AssociateTrackerConsumerCommand,
  CreateGeofenceCollectionCommand,
  CreateTrackerCommand,
  DeleteGeofenceCollectionCommand,
  DeleteTrackerCommand,
  DescribeTrackerCommand,
  DisassociateTrackerConsumerCommand,
  GetDevicePositionCommand,
  ListTrackerConsumersCommand,
  ListTrackersCommand,
  UpdateTrackerCommand,
} from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import {
  COLLECTION_ARN,
  CollectionName,
  SHOP,
  startWithClient,
  startWithTracker,
  TRACKER_ARN,
  TrackerName,
} from './location-client.ts';

const create = (name = TrackerName, rest = {}) => new CreateTrackerCommand({ TrackerName: name, ...rest });
const describeTracker = new DescribeTrackerCommand({ TrackerName });
const consumers = new ListTrackerConsumersCommand({ TrackerName });

describe('a tracker', () => {
  it('is created and described, filtering by time unless told otherwise', async () => {
    const { client, clock } = await startWithClient();
    const CreateTime = new Date(clock.nowMs());
    expect(await client.send(create())).toMatchObject({ TrackerName, TrackerArn: TRACKER_ARN, CreateTime });
    expect(await client.send(describeTracker)).toMatchObject({
      TrackerName,
      TrackerArn: TRACKER_ARN,
      Description: '',
      Tags: {},
      PositionFiltering: 'TimeBased',
      EventBridgeEnabled: false,
      PricingPlan: 'RequestBasedUsage',
      CreateTime,
      UpdateTime: CreateTime,
    });
  });

  it('changes in what is named, and in nothing else', async () => {
    const { client, clock } = await startWithClient();
    await client.send(create(TrackerName, { Description: 'phones', Tags: { a: 'b' } }));
    const CreateTime = new Date(clock.nowMs());
    clock.advance(5_000);
    const UpdateTime = new Date(clock.nowMs());
    expect(
      await client.send(new UpdateTrackerCommand({ TrackerName, PositionFiltering: 'AccuracyBased' })),
    ).toMatchObject({ TrackerName, TrackerArn: TRACKER_ARN, UpdateTime });
    await client.send(new UpdateTrackerCommand({ TrackerName, EventBridgeEnabled: true }));
    expect(await client.send(describeTracker)).toMatchObject({
      Description: 'phones',
      Tags: { a: 'b' },
      PositionFiltering: 'AccuracyBased',
      EventBridgeEnabled: true,
      CreateTime,
      UpdateTime,
    });
  });

  it('is refused with a name that another has, or that nothing may have, or with no such filtering', async () => {
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

  it('is gone with its positions and links when it is deleted', async () => {
    const { client, send } = await startWithTracker();
    await send({ at: SHOP });
    await client.send(new DeleteTrackerCommand({ TrackerName }));
    const unknown = { name: 'ResourceNotFoundException', message: `Tracker not found: ${TrackerName}.` };
    for (const call of [
      () => client.send(describeTracker),
      () => client.send(new UpdateTrackerCommand({ TrackerName })),
      () => client.send(new DeleteTrackerCommand({ TrackerName })),
      () => client.send(consumers),
      () => client.send(new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn: COLLECTION_ARN })),
      () => client.send(new DisassociateTrackerConsumerCommand({ TrackerName, ConsumerArn: COLLECTION_ARN })),
    ]) {
      await expect(call()).rejects.toMatchObject(unknown);
    }
    await client.send(create());
    expect((await client.send(consumers)).ConsumerArns).toEqual([]);
    await expect(
      client.send(new GetDevicePositionCommand({ TrackerName, DeviceId: 'phone-1' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is listed with the others page by page in the order of their creation', async () => {
    const { client } = await startWithClient();
    for (const name of ['c', 'a', 'b']) await client.send(create(name));
    const { Entries, NextToken } = await client.send(new ListTrackersCommand({ MaxResults: 2 }));
    expect(Entries?.map((entry) => entry.TrackerName)).toEqual(['c', 'a']);
    const rest = await client.send(new ListTrackersCommand({ NextToken }));
    expect(rest).toMatchObject({ Entries: [{ TrackerName: 'b', Description: '' }] });
    expect(rest.NextToken).toBeUndefined();
  });
});

describe('a link from a tracker to a collection', () => {
  const link = (ConsumerArn: string) => new AssociateTrackerConsumerCommand({ TrackerName, ConsumerArn });
  const unlink = (ConsumerArn: string) =>
    new DisassociateTrackerConsumerCommand({ TrackerName, ConsumerArn });
  const arnOf = (name: string) => COLLECTION_ARN.replace(CollectionName, name);

  it('is made, listed and taken away', async () => {
    const { client } = await startWithTracker();
    expect((await client.send(consumers)).ConsumerArns).toEqual([COLLECTION_ARN]);
    await client.send(unlink(COLLECTION_ARN));
    expect((await client.send(consumers)).ConsumerArns).toEqual([]);
    await expect(client.send(unlink(COLLECTION_ARN))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is made once, to a collection that is there', async () => {
    const { client } = await startWithTracker();
    await expect(client.send(link(COLLECTION_ARN))).rejects.toMatchObject({ name: 'ConflictException' });
    for (const arn of [arnOf('nowhere'), COLLECTION_ARN.replace('us-east-1', 'eu-west-1'), TRACKER_ARN]) {
      await expect(client.send(link(arn))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
    await expect(client.send(link('aisle-fences'))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is one of five at most, and gone with its collection', async () => {
    const { client } = await startWithTracker();
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      await client.send(new CreateGeofenceCollectionCommand({ CollectionName: name }));
    }
    for (const name of ['b', 'c', 'd', 'e']) await client.send(link(arnOf(name)));
    await expect(client.send(link(arnOf('f')))).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
    });
    await client.send(new DeleteGeofenceCollectionCommand({ CollectionName: 'c' }));
    await client.send(link(arnOf('f')));
    const { ConsumerArns, NextToken } = await client.send(
      new ListTrackerConsumersCommand({ TrackerName, MaxResults: 3 }),
    );
    expect(ConsumerArns).toEqual([COLLECTION_ARN, arnOf('b'), arnOf('d')]);
    const rest = await client.send(new ListTrackerConsumersCommand({ TrackerName, NextToken }));
    expect(rest.ConsumerArns).toEqual([arnOf('e'), arnOf('f')]);
  });
});
