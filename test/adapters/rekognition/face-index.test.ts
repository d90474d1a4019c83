import { CreateCollectionCommand } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { FaceIndexBusy } from '#application/ports/face-index.ts';
import { type RekognitionServer, startRekognition } from '#local/servers/rekognition/server.ts';
import { pictureOf, scriptedAnalyser, similarityOf } from '../../local/rekognition/scripted-faces.ts';
import { describeFaceIndex } from '../../support/describe-face-index.ts';
import { gather } from '../../support/gather.ts';
import { memoryFaceIndex } from '../../support/memory-face-index.ts';

const clientOf = (endpoint: string) =>
  rekognitionClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** Scaled so that directions are as similar as on the wire, near enough for the suite. */
const DEGREES_PER_UNIT = 150;

describeFaceIndex('in memory', async () => {
  const index = memoryFaceIndex();
  return {
    index,
    picture(directions) {
      const bytes = Buffer.from(directions.join());
      index.draw(
        bytes,
        directions.map((direction) => ({ vector: [direction / DEGREES_PER_UNIT] })),
      );
      return bytes;
    },
    noPicture: Buffer.from('no picture'),
  };
});

describe('over the wire', () => {
  let server: RekognitionServer;
  let client: ReturnType<typeof rekognitionClient>;
  let collections = 0;
  beforeAll(async () => {
    server = await startRekognition({
      faces: scriptedAnalyser(),
      similarityOf,
      delays: { userReadyMs: 0 },
    });
    client = clientOf(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  async function newCollection(): Promise<string> {
    const CollectionId = `faces-${collections++}`;
    await client.send(new CreateCollectionCommand({ CollectionId }));
    return CollectionId;
  }
  const picture = (directions: readonly number[]) =>
    pictureOf(directions.map((angle, place) => ({ angle, size: 200 - place, left: place * 200 })));

  describeFaceIndex('in Rekognition', async () => ({
    index: rekognitionFaceIndex(client, await newCollection()),
    picture,
    noPicture: pictureOf([], { reason: 'not-a-picture' }),
  }));

  describe('a throttled face index', () => {
    it('reports it, and has indexed no face', async () => {
      const full = await startRekognition({ faces: scriptedAnalyser(), similarityOf, picturesMax: 0 });
      const crowded = clientOf(full.url);
      await crowded.send(new CreateCollectionCommand({ CollectionId: 'faces' }));
      const index = rekognitionFaceIndex(crowded, 'faces');
      await expect(index.index(picture([0]), 'one', 1)).rejects.toThrow(FaceIndexBusy);
      expect(await gather(index.allFaces())).toEqual([]);
      crowded.destroy();
      await full.close();
    });

    it('throws if there is no collection', async () => {
      const index = rekognitionFaceIndex(client, 'nowhere');
      await expect(index.deleteUser('v.a')).rejects.toThrow(/collection/);
      await expect(index.searchUsers('00000000-0000-4000-8000-000000000000', 90)).rejects.toThrow(
        /collection/,
      );
    });
  });
});
