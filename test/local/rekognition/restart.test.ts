/** What a server still knows when it is started again on the same folder, and what it no longer holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateCollectionCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DescribeCollectionCommand,
  ListFacesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChild, temporaryFolder } from '../wire/child-server.ts';
import { manualClock } from '../wire/manual-clock.ts';
import {
  CollectionId,
  clientOf,
  enrol,
  index,
  indexOne,
  startWithClient,
  startWithCollection,
  usersLike,
} from './rekognition-client.ts';
import { scriptedAnalyser } from './scripted-faces.ts';

describe('a Rekognition server started again', () => {
  it('has kept collections, faces, users and who is whose', async () => {
    const dataDir = await temporaryFolder();
    const clock = manualClock();
    const before = await startWithCollection({ dataDir, clock });
    const anns = await enrol(before.client, 'v.ann', { angle: 0 });
    const probe = await indexOne(before.client, { angle: 5 });
    await before.server.close();

    const { client } = await startWithClient({ dataDir, clock });
    expect(await client.send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceCount: 2,
      UserCount: 1,
    });
    const { Faces = [] } = await client.send(new ListFacesCommand({ CollectionId, UserId: 'v.ann' }));
    expect(Faces.map(({ FaceId }) => FaceId)).toEqual([anns]);
    // The change that was under way takes effect by the time, though another server had taken it in.
    expect(await usersLike(client, probe)).toEqual([]);
    clock.advance(500);
    expect(await usersLike(client, probe)).toEqual(['v.ann']);
  });

  it('knows of a picture that it has indexed it', async () => {
    const dataDir = await temporaryFolder();
    const before = await startWithCollection({ dataDir });
    const ids = await index(before.client, [{ angle: 0 }], { ExternalImageId: 'frame-1' });
    await before.server.close();
    const { client } = await startWithClient({ dataDir });
    expect(await index(client, [{ angle: 0 }], { ExternalImageId: 'frame-1' })).toEqual(ids);
  });

  it('compares no vectors of a model that it no longer runs, and says what to do', async () => {
    const dataDir = await temporaryFolder();
    const before = await startWithCollection({ dataDir });
    const anns = await enrol(before.client, 'v.ann', { angle: 0 });
    await before.server.close();
    const { client } = await startWithClient({ dataDir, faces: scriptedAnalyser({ modelId: 'scripted-2' }) });
    for (const refused of [index(client, [{ angle: 0 }]), usersLike(client, anns)]) {
      await expect(refused).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('delete the collection and create it anew'),
      });
    }
    // What concerns no comparison goes on working, or nobody could ever be deleted.
    await client.send(new DeleteUserCommand({ CollectionId, UserId: 'v.ann' }));
    const { DeletedFaces } = await client.send(new DeleteFacesCommand({ CollectionId, FaceIds: [anns] }));
    expect(DeletedFaces).toEqual([anns]);
  });
});

describe('a Rekognition server killed in the middle of its work', () => {
  it('has kept every face that it said it had', async () => {
    const dataDir = await temporaryFolder();
    const folder = join(import.meta.dirname, 'scripted-faces.ts');
    const child = await startChild(
      'local/servers/rekognition/server.ts',
      `import(${JSON.stringify(folder)}).then((scripted) => server.startRekognition({
        dataDir: ${JSON.stringify(dataDir)},
        faces: scripted.scriptedAnalyser(),
        similarityOf: scripted.similarityOf,
      }))`,
    );
    const client = clientOf(child.url);
    onTestFinished(() => client.destroy());
    await client.send(new CreateCollectionCommand({ CollectionId }));
    const accepted: string[] = [];
    const indexing = (async () => {
      for (let n = 0; ; n++) {
        accepted.push(await indexOne(client, { angle: n }));
        if (accepted.length === 20) child.kill().catch(() => {});
      }
    })();
    await expect(indexing).rejects.toThrow();
    await child.kill();

    const again = await startWithClient({ dataDir });
    const { Faces = [] } = await again.client.send(new ListFacesCommand({ CollectionId }));
    const kept = Faces.map(({ FaceId }) => FaceId);
    expect(accepted.length).toBeGreaterThanOrEqual(20);
    expect(accepted.filter((id) => !kept.includes(id))).toEqual([]);
  });
});

describe('a vector that was deleted', () => {
  it('is in no file any more, neither as a face’s nor as a user’s', async () => {
    const dataDir = await temporaryFolder();
    const { client } = await startWithCollection({ dataDir, delays: { userReadyMs: 0 } });
    const angle = 12.345;
    const vector = Float32Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180));
    const isOnDisk = () =>
      readdirSync(dataDir).some((file) =>
        readFileSync(join(dataDir, file)).includes(Buffer.from(vector.buffer)),
      );
    const anns = await enrol(client, 'v.ann', { angle });
    await client.send(new ListUsersCommand({ CollectionId }));
    expect(isOnDisk()).toBe(true);
    await client.send(new DeleteUserCommand({ CollectionId, UserId: 'v.ann' }));
    await client.send(new DeleteFacesCommand({ CollectionId, FaceIds: [anns] }));
    expect(isOnDisk()).toBe(false);
  });
});
