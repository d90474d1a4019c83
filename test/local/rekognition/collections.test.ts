import {
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DescribeCollectionCommand,
  ListCollectionsCommand,
  ListFacesCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import { CollectionId, enrol, index, startWithClient, startWithCollection } from './rekognition-client.ts';
import { MODEL_ID } from './scripted-faces.ts';

describe('a collection', () => {
  it('is created with the model that its vectors will be of', async () => {
    const { client } = await startWithClient();
    const created = await client.send(
      new CreateCollectionCommand({ CollectionId, Tags: { stage: 'local' } }),
    );
    expect(created).toMatchObject({
      StatusCode: 200,
      CollectionArn: `aws:rekognition:us-east-1:000000000000:collection/${CollectionId}`,
      FaceModelVersion: MODEL_ID,
    });
  });

  it('tells how many faces and users it holds, and since when it is there', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock });
    await enrol(client, 'v.ann', { angle: 0 });
    await index(client, [{ angle: 10 }, { angle: 90, left: 500 }]);
    clock.advance(60_000);
    expect(await client.send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceCount: 3,
      UserCount: 1,
      FaceModelVersion: MODEL_ID,
      CollectionARN: `arn:aws:rekognition:us-east-1:000000000000:collection/${CollectionId}`,
      CreationTimestamp: new Date(clock.nowMs() - 60_000),
    });
  });

  it('is there once', async () => {
    const { client } = await startWithCollection();
    await expect(client.send(new CreateCollectionCommand({ CollectionId }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: `The collection id: ${CollectionId} already exists`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each(['', 'no spaces', 'x'.repeat(256), 'a:b'])('is refused the id %j', async (id) => {
    const { client } = await startWithClient();
    await expect(client.send(new CreateCollectionCommand({ CollectionId: id }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("at 'collectionId' failed to satisfy constraint"),
    });
  });

  it('is gone with all that it held when it is deleted, and its name is free', async () => {
    const { client } = await startWithCollection();
    await enrol(client, 'v.ann', { angle: 0 });
    expect(await client.send(new DeleteCollectionCommand({ CollectionId }))).toMatchObject({
      StatusCode: 200,
    });
    const refusal = {
      name: 'ResourceNotFoundException',
      message: `The collection id: ${CollectionId} does not exist`,
    };
    await expect(client.send(new DescribeCollectionCommand({ CollectionId }))).rejects.toMatchObject(refusal);
    await expect(client.send(new DeleteCollectionCommand({ CollectionId }))).rejects.toMatchObject(refusal);
    await expect(client.send(new ListFacesCommand({ CollectionId }))).rejects.toMatchObject(refusal);
    await client.send(new CreateCollectionCommand({ CollectionId }));
    expect(await client.send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceCount: 0,
      UserCount: 0,
    });
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
  });
});

describe('the list of collections', () => {
  it('comes a page at a time, with the model of each', async () => {
    const { client } = await startWithClient();
    for (const id of ['b', 'a', 'c']) await client.send(new CreateCollectionCommand({ CollectionId: id }));
    const first = await client.send(new ListCollectionsCommand({ MaxResults: 2 }));
    expect(first.CollectionIds).toEqual(['b', 'a']);
    expect(first.FaceModelVersions).toEqual([MODEL_ID, MODEL_ID]);
    const rest = await client.send(new ListCollectionsCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(rest.CollectionIds).toEqual(['c']);
    expect(rest.NextToken).toBeUndefined();
    expect((await client.send(new ListCollectionsCommand({}))).CollectionIds).toHaveLength(3);
    expect((await client.send(new ListCollectionsCommand({ MaxResults: 0 }))).CollectionIds).toHaveLength(3);
  });

  it('is refused with a token that is none, or of another listing', async () => {
    const { client } = await startWithCollection();
    await index(client, [{ angle: 0 }, { angle: 90, left: 500 }]);
    const faces = await client.send(new ListFacesCommand({ CollectionId, MaxResults: 1 }));
    for (const NextToken of ['oops', faces.NextToken]) {
      await expect(client.send(new ListCollectionsCommand({ NextToken }))).rejects.toMatchObject({
        name: 'InvalidPaginationTokenException',
      });
    }
  });

  it('is refused with a page too long', async () => {
    const { client } = await startWithClient();
    await expect(client.send(new ListCollectionsCommand({ MaxResults: 4097 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
