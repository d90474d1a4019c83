/** The server over the real face engine, with photographs: verifies what the scripted faces assume. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  CreateCollectionCommand,
  CreateUserCommand,
  IndexFacesCommand,
  type RekognitionClient,
  SearchFacesByImageCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RekognitionServer, startRekognition } from '#local/servers/rekognition/server.ts';
import { createFacePool, type FacePool } from '#vision/engine/face-pool.ts';
import { associate, CollectionId, clientOf } from './rekognition-client.ts';

const FACES = join(
  dirname(createRequire(import.meta.url).resolve('tabler-ui/package.json')),
  'dist/demo/faces',
);
/** Photographs of different people, in each of which the engine detects one face. */
const PEOPLE = ['female/6', 'female/2', 'female/4', 'female/12', 'male/6', 'male/7', 'male/9', 'male/31'];
const photograph = (name: string): Buffer => readFileSync(join(FACES, `${name}.jpg`));

/** Returns a variant of the photograph: smaller, rotated, darker, blurred, recompressed. */
const variantOf = (name: string): Promise<Buffer> =>
  sharp(photograph(name))
    .rotate(6, { background: '#777' })
    .resize(110)
    .modulate({ brightness: 0.8 })
    .blur(0.6)
    .jpeg({ quality: 75 })
    .toBuffer();

describe('the server over the real engine', () => {
  let pool: FacePool;
  let server: RekognitionServer;
  let client: RekognitionClient;

  beforeAll(async () => {
    pool = await createFacePool({ workers: 1 });
    server = await startRekognition({ faces: pool, delays: { userReadyMs: 0 } });
    client = clientOf(server.url);
    await client.send(new CreateCollectionCommand({ CollectionId }));
    for (const name of PEOPLE) {
      const UserId = name.replace('/', '.');
      const Image = { Bytes: photograph(name) };
      const { FaceRecords = [] } = await client.send(
        new IndexFacesCommand({ CollectionId, Image, ExternalImageId: UserId, MaxFaces: 1 }),
      );
      await client.send(new CreateUserCommand({ CollectionId, UserId }));
      await associate(client, UserId, [FaceRecords[0]?.Face?.FaceId ?? '']);
    }
  });
  afterAll(async () => {
    client?.destroy();
    await server?.close();
    await pool?.close();
  });

  it('matches each person in a variant of their photograph, and no other person', async () => {
    for (const name of PEOPLE) {
      const Image = { Bytes: await variantOf(name) };
      const users = await client.send(
        new SearchUsersByImageCommand({ CollectionId, Image, UserMatchThreshold: 99 }),
      );
      expect(users.UserMatches?.map(({ User }) => User?.UserId)).toEqual([name.replace('/', '.')]);
      const faces = await client.send(
        new SearchFacesByImageCommand({ CollectionId, Image, FaceMatchThreshold: 99 }),
      );
      expect(faces.FaceMatches?.map(({ Face }) => Face?.ExternalImageId)).toEqual([name.replace('/', '.')]);
    }
  });

  it('returns every face of a frame with its relative box and landmarks, from PNG and JPEG', async () => {
    const tiles = await Promise.all(
      PEOPLE.slice(0, 4).map((name) => sharp(photograph(name)).resize(160).toBuffer()),
    );
    const frame = sharp({
      create: { width: 1280, height: 720, channels: 3, background: '#8a8f94' },
    }).composite(tiles.map((input, n) => ({ input, left: 100 + 300 * n, top: 250 })));
    const pixels = await frame.png().toBuffer();
    for (const Bytes of [pixels, await sharp(pixels).jpeg().toBuffer()]) {
      const { SearchedFace, UnsearchedFaces = [] } = await client.send(
        new SearchUsersByImageCommand({ CollectionId, Image: { Bytes } }),
      );
      const details = [SearchedFace?.FaceDetail, ...UnsearchedFaces.map(({ FaceDetails }) => FaceDetails)];
      const places = details.map((detail) => 1280 * (detail?.BoundingBox?.Left ?? 0)).sort((a, b) => a - b);
      expect(places.map((left) => Math.floor((left - 100) / 300))).toEqual([0, 1, 2, 3]);
      for (const detail of details) {
        expect(detail?.Landmarks?.map(({ Type }) => Type)).toEqual([
          'eyeLeft',
          'eyeRight',
          'nose',
          'mouthLeft',
          'mouthRight',
        ]);
      }
    }
  });

  it.each([
    ['is truncated', async () => photograph('female/6').subarray(0, 2_000), 'InvalidImageFormatException'],
    [
      'has only the signature of a JPEG',
      async () => Buffer.from([0xff, 0xd8, 0xff, 1, 2]),
      'InvalidImageFormatException',
    ],
    ['is one pixel', () => plain(1, 1), 'InvalidParameterException'],
    ['has 50 megapixels', () => plain(10_000, 5_000), 'ImageTooLargeException'],
  ])('rejects a picture that %s', async (_, make, name) => {
    const Image = { Bytes: await make() };
    await expect(client.send(new SearchFacesByImageCommand({ CollectionId, Image }))).rejects.toMatchObject({
      name,
    });
  });

  it('detects no face in a uniform picture', async () => {
    const Image = { Bytes: await plain(640, 480) };
    const answer = await client.send(new SearchUsersByImageCommand({ CollectionId, Image }));
    expect(answer).toMatchObject({ UserMatches: [], UnsearchedFaces: [] });
    expect(answer.SearchedFace).toBeUndefined();
  });

  it('applies the EXIF orientation of a picture', async () => {
    const turned = await sharp(photograph('male/6'))
      .rotate(90)
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    const { UserMatches } = await client.send(
      new SearchUsersByImageCommand({ CollectionId, Image: { Bytes: turned } }),
    );
    expect(UserMatches).toMatchObject([{ User: { UserId: 'male.6' } }]);
  });
});

function plain(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#8a8f94' } })
    .jpeg()
    .toBuffer();
}
