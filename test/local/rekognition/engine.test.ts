/** The server over the real engine, with photographs of people: what the scripted faces take for granted. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  CompareFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DetectFacesCommand,
  IndexFacesCommand,
  type RekognitionClient,
  SearchFacesByImageCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RekognitionServer, startRekognition } from '#local/servers/rekognition/server.ts';
import { createFacePool, type FacePool } from '#vision/face-pool.ts';
import { associate, CollectionId, clientOf } from './rekognition-client.ts';

const FACES = join(
  dirname(createRequire(import.meta.url).resolve('tabler-ui/package.json')),
  'dist/demo/faces',
);
/** Different people, each found by the engine. */
const PEOPLE = ['female/6', 'female/2', 'female/4', 'female/12', 'male/6', 'male/7', 'male/9', 'male/31'];
const photograph = (name: string): Buffer => readFileSync(join(FACES, `${name}.jpg`));

/** Another picture of the same photograph: smaller, tilted, darker, softer, recompressed. */
const again = (name: string): Promise<Buffer> =>
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

  it('knows each person again in another picture, and nobody else', async () => {
    for (const name of PEOPLE) {
      const Image = { Bytes: await again(name) };
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

  it('finds every face of one frame, in shares of its sides, PNG or JPEG', async () => {
    const tiles = await Promise.all(
      PEOPLE.slice(0, 4).map((name) => sharp(photograph(name)).resize(160).toBuffer()),
    );
    const frame = sharp({
      create: { width: 1280, height: 720, channels: 3, background: '#8a8f94' },
    }).composite(tiles.map((input, n) => ({ input, left: 100 + 300 * n, top: 250 })));
    const pixels = await frame.png().toBuffer();
    for (const Bytes of [pixels, await sharp(pixels).jpeg().toBuffer()]) {
      const { FaceDetails = [] } = await client.send(new DetectFacesCommand({ Image: { Bytes } }));
      const places = FaceDetails.map(({ BoundingBox }) => 1280 * (BoundingBox?.Left ?? 0)).sort(
        (a, b) => a - b,
      );
      expect(places.map((left) => Math.floor((left - 100) / 300))).toEqual([0, 1, 2, 3]);
      for (const { Landmarks = [] } of FaceDetails) {
        expect(Landmarks.map(({ Type }) => Type)).toEqual([
          'eyeLeft',
          'eyeRight',
          'nose',
          'mouthLeft',
          'mouthRight',
        ]);
      }
    }
  });

  it('tells two people apart', async () => {
    const [SourceImage, same, other] = [
      photograph('female/6'),
      await again('female/6'),
      photograph('male/6'),
    ].map((Bytes) => ({ Bytes }));
    const like = await client.send(new CompareFacesCommand({ SourceImage, TargetImage: same }));
    expect(like.FaceMatches).toHaveLength(1);
    const unlike = await client.send(new CompareFacesCommand({ SourceImage, TargetImage: other }));
    expect(unlike).toMatchObject({ FaceMatches: [], UnmatchedFaces: [{}] });
  });

  it.each([
    ['is cut off', async () => photograph('female/6').subarray(0, 2_000), 'InvalidImageFormatException'],
    [
      'is no picture behind a picture’s first bytes',
      async () => Buffer.from([0xff, 0xd8, 0xff, 1, 2]),
      'InvalidImageFormatException',
    ],
    ['is one pixel', () => plain(1, 1), 'InvalidParameterException'],
    ['is a wall of 50 megapixels', () => plain(10_000, 5_000), 'ImageTooLargeException'],
  ])('refuses a picture that %s', async (_, make, name) => {
    const Image = { Bytes: await make() };
    await expect(client.send(new DetectFacesCommand({ Image }))).rejects.toMatchObject({ name });
  });

  it('finds nobody on a wall', async () => {
    const Image = { Bytes: await plain(640, 480) };
    expect((await client.send(new DetectFacesCommand({ Image }))).FaceDetails).toEqual([]);
  });

  it('reads a picture that lies on its side as it was taken', async () => {
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
