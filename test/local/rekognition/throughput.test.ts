import { IndexFacesCommand, ListFacesCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import type { FaceAnalyser } from '#local/servers/rekognition/face-analyser.ts';
import { FacePoolFullError } from '#vision/engine/face-pool.ts';
import { CollectionId, index, startWithCollection } from './rekognition-client.ts';
import { scriptedAnalyser } from './scripted-faces.ts';

/** An engine whose calls wait until `release`; `whenBegun` resolves when the next call starts. */
function blockingAnalyser() {
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

const indexFace = (client: RekognitionClient) => index(client, [{ angle: 0 }]);

describe('a picture beyond the limit', () => {
  it('is rejected at once while the admitted ones are still processed', async () => {
    const { faces, release, whenBegun } = blockingAnalyser();
    const { client } = await startWithCollection({ faces, picturesMax: 2 });
    const begun = Promise.all([whenBegun(), whenBegun()]);
    const admitted = [indexFace(client), indexFace(client)];
    await begun;
    await expect(indexFace(client)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    // Operations without a picture are not limited.
    await client.send(new ListFacesCommand({ CollectionId }));
    release();
    for (const ids of await Promise.all(admitted)) expect(ids).toHaveLength(1);
    expect(await indexFace(client)).toHaveLength(1);
  });

  it('is accepted from a client that retries', async () => {
    const { faces, release, whenBegun } = blockingAnalyser();
    const { client, server } = await startWithCollection({ faces, picturesMax: 1 });
    const begun = whenBegun();
    const admitted = indexFace(client);
    await begun;
    const retrying = new RekognitionClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 10,
    });
    let rejections = 0;
    retrying.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (++rejections === 1) release();
          throw error;
        }
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect(await indexFace(retrying)).toHaveLength(1);
    expect(rejections).toBeGreaterThan(0);
    await admitted;
    retrying.destroy();
  });
});

describe('an engine whose own queue is full', () => {
  it('is reported as exceeded throughput, like the limit of the server', async () => {
    const full: FaceAnalyser = {
      modelId: 'full',
      analyse: () => Promise.reject(new FacePoolFullError('32 pictures wait already')),
    };
    const { client } = await startWithCollection({ faces: full });
    await expect(indexFace(client)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });
});

describe('the count of calls', () => {
  it('counts each successful call by operation, and no rejected one', async () => {
    const { client, server } = await startWithCollection();
    await indexFace(client);
    await indexFace(client);
    await expect(index(client, [], { CollectionId: 'missing' })).rejects.toThrow();
    await expect(client.send(new IndexFacesCommand({ CollectionId, Image: {} }))).rejects.toThrow();
    expect(server.calls()).toMatchObject({
      CreateCollection: 1,
      IndexFaces: 2,
      ListFaces: 0,
      SearchUsers: 0,
    });
  });
});

describe('an engine that fails', () => {
  it('is reported as a 500 without details', async () => {
    const broken: FaceAnalyser = {
      modelId: 'broken',
      analyse: () => Promise.reject(new TypeError('a defect')),
    };
    const { client } = await startWithCollection({ faces: broken });
    await expect(indexFace(client)).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
      message: expect.not.stringContaining('defect'),
    });
  });
});
