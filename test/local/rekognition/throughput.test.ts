import { DetectFacesCommand, ListCollectionsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import type { FaceAnalyser } from '#local/servers/rekognition/face-analyser.ts';
import { FacePoolFull } from '#vision/face-pool.ts';
import { index, startWithClient, startWithCollection } from './rekognition-client.ts';
import { pictureOf, scriptedAnalyser } from './scripted-faces.ts';

/** An engine that is at work until it is let go, and says when it has begun. */
function heldAnalyser() {
  const released = Promise.withResolvers<void>();
  const begun: (() => void)[] = [];
  const scripted = scriptedAnalyser();
  const faces: FaceAnalyser = {
    modelId: scripted.modelId,
    async analyse(bytes) {
      begun.shift()?.();
      await released.promise;
      return scripted.analyse(bytes);
    },
  };
  const whenBegun = () => new Promise<void>((resolve) => begun.push(resolve));
  return { faces, release: () => released.resolve(), whenBegun };
}

const detect = (client: RekognitionClient) =>
  client.send(new DetectFacesCommand({ Image: { Bytes: pictureOf([{ angle: 0 }]) } }));

describe('one picture too many', () => {
  it('is refused at once, while those inside are still served', async () => {
    const { faces, release, whenBegun } = heldAnalyser();
    const { client } = await startWithClient({ faces, picturesMax: 2 });
    const begun = Promise.all([whenBegun(), whenBegun()]);
    const inside = [detect(client), detect(client)];
    await begun;
    await expect(detect(client)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    // What needs no engine is answered all the while.
    await client.send(new ListCollectionsCommand({}));
    release();
    for (const { FaceDetails } of await Promise.all(inside)) expect(FaceDetails).toHaveLength(1);
    expect((await detect(client)).FaceDetails).toHaveLength(1);
  });

  it('is sent again by a client that may try again', async () => {
    const { faces, release, whenBegun } = heldAnalyser();
    const { client, server } = await startWithClient({ faces, picturesMax: 1 });
    const begun = whenBegun();
    const inside = detect(client);
    await begun;
    const patient = new RekognitionClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 10,
    });
    let refused = 0;
    patient.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (++refused === 1) release();
          throw error;
        }
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect((await detect(patient)).FaceDetails).toHaveLength(1);
    expect(refused).toBeGreaterThan(0);
    await inside;
    patient.destroy();
  });
});

describe('an engine whose own queue is full', () => {
  it('is told as too much at once, like the server’s', async () => {
    const full: FaceAnalyser = {
      modelId: 'full',
      analyse: () => Promise.reject(new FacePoolFull('32 pictures wait already')),
    };
    const { client } = await startWithClient({ faces: full });
    await expect(detect(client)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });
});

describe('the count of calls', () => {
  it('holds each operation that was answered, and none that was refused', async () => {
    const { client, server } = await startWithCollection();
    await index(client, [{ angle: 0 }]);
    await index(client, [{ angle: 0 }]);
    await expect(index(client, [], { CollectionId: 'nowhere' })).rejects.toThrow();
    await expect(client.send(new DetectFacesCommand({ Image: {} }))).rejects.toThrow();
    expect(server.calls()).toMatchObject({
      CreateCollection: 1,
      IndexFaces: 2,
      DetectFaces: 0,
      SearchUsers: 0,
    });
  });
});

describe('an engine that fails', () => {
  it('is no fault of the caller’s: a 500 that names no detail', async () => {
    const broken: FaceAnalyser = {
      modelId: 'broken',
      analyse: () => Promise.reject(new TypeError('a defect')),
    };
    const { client } = await startWithClient({ faces: broken });
    await expect(detect(client)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });
});
