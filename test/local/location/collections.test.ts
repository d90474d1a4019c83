import { CreateGeofenceCollectionCommand, ValidationException } from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import { COLLECTION_ARN, CollectionName, startWithClient } from './location-client.ts';

const create = (name = CollectionName, rest = {}) =>
  new CreateGeofenceCollectionCommand({ CollectionName: name, ...rest });

describe('a geofence collection', () => {
  it('is created with an ARN and the time of creation', async () => {
    const { client, clock } = await startWithClient();
    const optional = { Description: 'stores', Tags: { chain: 'aisle' } };
    expect(await client.send(create(CollectionName, optional))).toMatchObject({
      CollectionName,
      CollectionArn: COLLECTION_ARN,
      CreateTime: new Date(clock.nowMs()),
    });
  });

  it('rejects a name that another collection has', async () => {
    const { client } = await startWithClient();
    await client.send(create());
    await expect(client.send(create())).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('rejects invalid members and reports all of them at once', async () => {
    const { client } = await startWithClient();
    const rejected = client.send(
      create('no spaces', { Description: 'x'.repeat(1_001), Tags: { ['k'.repeat(129)]: 'v' } }),
    );
    await expect(rejected).rejects.toBeInstanceOf(ValidationException);
    await expect(rejected).rejects.toMatchObject({
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

  it('rejects a collection beyond the quota of the account', async () => {
    const { client } = await startWithClient({ quotas: { collectionsMax: 1 } });
    await client.send(create());
    await expect(client.send(create('another'))).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
      $metadata: { httpStatusCode: 402 },
    });
  });
});
