import { CreateCollectionCommand, CreateUserCommand, ListFacesCommand } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { CollectionId, startWithClient, startWithCollection } from './rekognition-client.ts';
import { MODEL_ID } from './scripted-faces.ts';

describe('a collection', () => {
  it('is created with the face model whose vectors it will store', async () => {
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

  it('rejects an id that another collection has', async () => {
    const { client } = await startWithCollection();
    await expect(client.send(new CreateCollectionCommand({ CollectionId }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: `The collection id: ${CollectionId} already exists`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each(['', 'no spaces', 'x'.repeat(256), 'a:b'])('rejects the id %j', async (id) => {
    const { client } = await startWithClient();
    await expect(client.send(new CreateCollectionCommand({ CollectionId: id }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("at 'collectionId' failed to satisfy constraint"),
    });
  });

  it('is not found before it is created', async () => {
    const { client } = await startWithClient();
    const notFound = {
      name: 'ResourceNotFoundException',
      message: `The collection id: ${CollectionId} does not exist`,
    };
    await expect(client.send(new ListFacesCommand({ CollectionId }))).rejects.toMatchObject(notFound);
    await expect(client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }))).rejects.toMatchObject(
      notFound,
    );
  });
});
