import {
  CompareFacesCommand,
  DetectFacesCommand,
  IndexFacesCommand,
  SearchFacesByImageCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { CollectionId, startWithCollection } from './rekognition-client.ts';
import { pictureOf, similarityAt } from './scripted-faces.ts';

describe('a picture', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['a text', Buffer.from('data:image/png;base64,Qk02EA')],
    ['a bitmap', Buffer.from('BM06')],
    ['what the engine cannot decode', pictureOf([], { why: 'broken' })],
  ])('is refused if it is %s', async (_, Bytes) => {
    const { client } = await startWithCollection();
    const Image = { Bytes };
    for (const command of [
      new IndexFacesCommand({ CollectionId, Image }),
      new SearchFacesByImageCommand({ CollectionId, Image }),
      new SearchUsersByImageCommand({ CollectionId, Image }),
      new DetectFacesCommand({ Image }),
      new CompareFacesCommand({ SourceImage: Image, TargetImage: Image }),
    ]) {
      // Five commands, of which each has its own type.
      await expect(client.send(command as DetectFacesCommand)).rejects.toMatchObject({
        name: 'InvalidImageFormatException',
        $metadata: { httpStatusCode: 400 },
      });
    }
  });

  it('may be 5 MB and no larger', async () => {
    const { client } = await startWithCollection();
    const Bytes = new Uint8Array(5 * 1024 * 1024 + 1).fill(32);
    Bytes.set(pictureOf([{ angle: 0 }]));
    await expect(client.send(new DetectFacesCommand({ Image: { Bytes } }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(
        "at 'image.bytes' failed to satisfy constraint: Member must have length less than or equal to 5242880",
      ),
    });
    const largest = Bytes.subarray(1);
    largest.set(pictureOf([{ angle: 0 }]));
    const { FaceDetails } = await client.send(new DetectFacesCommand({ Image: { Bytes: largest } }));
    expect(FaceDetails).toHaveLength(1);
  });

  it('may have 80 pixels to a side and no fewer', async () => {
    const { client } = await startWithCollection();
    const detect = (width: number, height: number) =>
      client.send(new DetectFacesCommand({ Image: { Bytes: pictureOf([], { width, height }) } }));
    expect((await detect(80, 80)).FaceDetails).toEqual([]);
    for (const refused of [detect(79, 400), detect(400, 79)]) {
      await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    const Bytes = pictureOf([], { why: 'too small' });
    await expect(client.send(new DetectFacesCommand({ Image: { Bytes } }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('is refused if it would unfold to more than the engine reads', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([], { why: 'too large' });
    await expect(client.send(new DetectFacesCommand({ Image: { Bytes } }))).rejects.toMatchObject({
      name: 'ImageTooLargeException',
    });
  });

  it('is refused out of S3, which is not served here', async () => {
    const { client } = await startWithCollection();
    const Image = { S3Object: { Bucket: 'pictures', Name: 'ann.jpg' } };
    await expect(client.send(new DetectFacesCommand({ Image }))).rejects.toMatchObject({
      name: 'InvalidS3ObjectException',
      message: expect.stringContaining('Image.Bytes'),
    });
    await expect(client.send(new DetectFacesCommand({ Image: {} }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('detecting faces', () => {
  it('tells each, largest first, and of no face that it is happy or old', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([
      { angle: 0, size: 50 },
      { angle: 0, size: 90, left: 200 },
    ]);
    const { FaceDetails = [] } = await client.send(
      new DetectFacesCommand({ Image: { Bytes }, Attributes: ['ALL'] }),
    );
    expect(FaceDetails.map(({ BoundingBox }) => BoundingBox?.Width)).toEqual([0.09, 0.05]);
    for (const detail of FaceDetails) {
      expect(Object.keys(detail).sort()).toEqual([
        'BoundingBox',
        'Confidence',
        'Landmarks',
        'Pose',
        'Quality',
      ]);
    }
  });

  it('finds none in a picture without one', async () => {
    const { client } = await startWithCollection();
    const { FaceDetails } = await client.send(new DetectFacesCommand({ Image: { Bytes: pictureOf([]) } }));
    expect(FaceDetails).toEqual([]);
  });
});

describe('comparing two pictures', () => {
  const source = pictureOf([
    { angle: 90, size: 40 },
    { angle: 0, size: 80, left: 200 },
  ]);
  const target = pictureOf([
    { angle: 90, size: 300 },
    { angle: 30, size: 100, left: 400 },
    { angle: 10, size: 50, left: 700 },
  ]);

  it('compares the largest face of one with every face of the other', async () => {
    const { client } = await startWithCollection();
    const answer = await client.send(
      new CompareFacesCommand({ SourceImage: { Bytes: source }, TargetImage: { Bytes: target } }),
    );
    expect(answer.SourceImageFace).toEqual({
      BoundingBox: { Left: 0.2, Top: 0, Width: 0.08, Height: 0.16 },
      Confidence: 99,
    });
    expect(answer.FaceMatches?.map(({ Face }) => Face?.BoundingBox?.Width)).toEqual([0.05, 0.1]);
    expect(answer.FaceMatches?.[0]?.Similarity).toBeCloseTo(similarityAt(10), 3);
    expect(answer.UnmatchedFaces?.map(({ BoundingBox }) => BoundingBox?.Width)).toEqual([0.3]);
    const stricter = await client.send(
      new CompareFacesCommand({
        SourceImage: { Bytes: source },
        TargetImage: { Bytes: target },
        SimilarityThreshold: 95,
      }),
    );
    expect(stricter.FaceMatches).toHaveLength(1);
    expect(stricter.UnmatchedFaces).toHaveLength(2);
  });

  it('is refused if there is no face in either', async () => {
    const { client } = await startWithCollection();
    const none = pictureOf([]);
    for (const [SourceImage, TargetImage] of [
      [none, target],
      [source, none],
    ]) {
      const command = new CompareFacesCommand({
        SourceImage: { Bytes: SourceImage },
        TargetImage: { Bytes: TargetImage },
      });
      await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});
