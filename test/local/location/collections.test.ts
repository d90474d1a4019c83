import {
  CreateGeofenceCollectionCommand,
  DeleteGeofenceCollectionCommand,
  DescribeGeofenceCollectionCommand,
  ListGeofenceCollectionsCommand,
  ListGeofencesCommand,
  ValidationException,
} from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import { COLLECTION_ARN, CollectionName, putCircle, startWithClient } from './location-client.ts';

const create = (name = CollectionName, rest = {}) =>
  new CreateGeofenceCollectionCommand({ CollectionName: name, ...rest });
const describeCollection = new DescribeGeofenceCollectionCommand({ CollectionName });

describe('a geofence collection', () => {
  it('is created, described with what it was given, and deleted with its fences', async () => {
    const { client, clock } = await startWithClient();
    const CreateTime = new Date(clock.nowMs());
    const given = { Description: 'shops', Tags: { chain: 'aisle' } };
    expect(await client.send(create(CollectionName, given))).toMatchObject({
      CollectionName,
      CollectionArn: COLLECTION_ARN,
      CreateTime,
    });
    await putCircle(client, 'sz01');
    expect(await client.send(describeCollection)).toMatchObject({
      CollectionName,
      CollectionArn: COLLECTION_ARN,
      ...given,
      PricingPlan: 'RequestBasedUsage',
      CreateTime,
      UpdateTime: CreateTime,
      GeofenceCount: 1,
    });
    await client.send(new DeleteGeofenceCollectionCommand({ CollectionName }));
    await expect(client.send(describeCollection)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await client.send(create());
    expect(await client.send(new ListGeofencesCommand({ CollectionName }))).toMatchObject({ Entries: [] });
  });

  it('has a name that no other has', async () => {
    const { client } = await startWithClient();
    await client.send(create());
    await expect(client.send(create())).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('cannot be created with what the service does not take, and is told all of it', async () => {
    const { client } = await startWithClient();
    const refused = client.send(
      create('no spaces', { Description: 'x'.repeat(1_001), Tags: { ['k'.repeat(129)]: 'v' } }),
    );
    await expect(refused).rejects.toBeInstanceOf(ValidationException);
    await expect(refused).rejects.toMatchObject({
      Reason: 'FieldValidationFailed',
      FieldList: [
        { Name: 'collectionName', Message: expect.stringContaining('regular expression') },
        { Name: 'description', Message: expect.stringContaining('less than or equal to 1000') },
        { Name: 'tags', Message: expect.stringContaining('keys') },
      ],
      $metadata: { httpStatusCode: 400 },
    });
    await expect(
      client.send(create(CollectionName, { PricingPlan: 'MobileAssetTracking' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('cannot be deleted when it is not there', async () => {
    const { client } = await startWithClient();
    await expect(client.send(new DeleteGeofenceCollectionCommand({ CollectionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is one too many at the account’s quota', async () => {
    const { client } = await startWithClient({ quotas: { collectionsMax: 1 } });
    await client.send(create());
    await expect(client.send(create('another'))).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      $metadata: { httpStatusCode: 402 },
    });
  });
});

describe('the list of collections', () => {
  it('comes page by page in the order of their creation', async () => {
    const { client } = await startWithClient();
    for (const name of ['c', 'a', 'b']) await client.send(create(name));
    const first = await client.send(new ListGeofenceCollectionsCommand({ MaxResults: 2 }));
    expect(first.Entries?.map((entry) => entry.CollectionName)).toEqual(['c', 'a']);
    const { NextToken } = first;
    const second = await client.send(new ListGeofenceCollectionsCommand({ MaxResults: 2, NextToken }));
    expect(second.Entries?.map((entry) => entry.CollectionName)).toEqual(['b']);
    expect(second.NextToken).toBeUndefined();
  });

  it.each(['!', 'WzEsMl0', Buffer.from('["trackers","1"]').toString('base64url')])(
    'is told by no token that it did not give: %s',
    async (NextToken) => {
      const { client } = await startWithClient();
      await expect(client.send(new ListGeofenceCollectionsCommand({ NextToken }))).rejects.toMatchObject({
        name: 'ValidationException',
        FieldList: [{ Name: 'nextToken' }],
      });
    },
  );

  it('has at most a hundred on a page', async () => {
    const { client } = await startWithClient();
    await expect(client.send(new ListGeofenceCollectionsCommand({ MaxResults: 101 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
