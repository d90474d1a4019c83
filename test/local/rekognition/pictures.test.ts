import {
  IndexFacesCommand,
  type RekognitionClient,
  SearchFacesByImageCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { CollectionId, startWithCollection } from './rekognition-client.ts';
import { pictureOf } from './scripted-faces.ts';

/** Indexes a picture and returns the records of its faces. */
const indexed = async (client: RekognitionClient, Bytes: Uint8Array) => {
  const { FaceRecords = [] } = await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes } }));
  return FaceRecords;
};

describe('a picture', () => {
  it.each([
    ['empty', new Uint8Array()],
    ['a text', Buffer.from('data:image/png;base64,Qk02EA')],
    ['a bitmap', Buffer.from('BM06')],
    ['undecodable by the engine', pictureOf([], { reason: 'corrupt' })],
  ])('is rejected if it is %s', async (_, Bytes) => {
    const { client } = await startWithCollection();
    const Image = { Bytes };
    for (const command of [
      new IndexFacesCommand({ CollectionId, Image }),
      new SearchFacesByImageCommand({ CollectionId, Image }),
      new SearchUsersByImageCommand({ CollectionId, Image }),
    ]) {
      // Three commands, each of its own type.
      await expect(client.send(command as IndexFacesCommand)).rejects.toMatchObject({
        name: 'InvalidImageFormatException',
        $metadata: { httpStatusCode: 400 },
      });
    }
  });

  it('is rejected above 5 MB', async () => {
    const { client } = await startWithCollection();
    const Bytes = new Uint8Array(5 * 1024 * 1024 + 1).fill(32);
    Bytes.set(pictureOf([{ angle: 0 }]));
    await expect(indexed(client, Bytes)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(
        "at 'image.bytes' failed to satisfy constraint: Member must have length less than or equal to 5242880",
      ),
    });
    const largest = Bytes.subarray(1);
    largest.set(pictureOf([{ angle: 0 }]));
    expect(await indexed(client, largest)).toHaveLength(1);
  });

  it('is rejected below 80 pixels on either side', async () => {
    const { client } = await startWithCollection();
    expect(await indexed(client, pictureOf([], { width: 80, height: 80 }))).toEqual([]);
    for (const small of [
      pictureOf([], { width: 79, height: 400 }),
      pictureOf([], { width: 400, height: 79 }),
      pictureOf([], { reason: 'too-small' }),
    ]) {
      await expect(indexed(client, small)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('is rejected if it decodes to more pixels than the engine accepts', async () => {
    const { client } = await startWithCollection();
    await expect(indexed(client, pictureOf([], { reason: 'too-large' }))).rejects.toMatchObject({
      name: 'ImageTooLargeException',
    });
  });

  it('is rejected as a reference to S3, which is not supported here', async () => {
    const { client } = await startWithCollection();
    const Image = { S3Object: { Bucket: 'pictures', Name: 'ann.jpg' } };
    await expect(client.send(new IndexFacesCommand({ CollectionId, Image }))).rejects.toMatchObject({
      name: 'InvalidS3ObjectException',
      message: expect.stringContaining('Image.Bytes'),
    });
    await expect(client.send(new IndexFacesCommand({ CollectionId, Image: {} }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
