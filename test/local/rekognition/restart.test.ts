/** Persistence: what a server restarted on the same folder has kept, and what deletion leaves on the disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateCollectionCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
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
  it('has kept collections, faces, users and their associations', async () => {
    const dataDir = await temporaryFolder();
    const clock = manualClock();
    const before = await startWithCollection({ dataDir, clock });
    const anns = await enrol(before.client, 'v.ann', { angle: 0 });
    const probe = await indexOne(before.client, { angle: 5 });
    await before.server.close();

    const { client } = await startWithClient({ dataDir, clock });
    expect((await client.send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(2);
    expect((await client.send(new ListUsersCommand({ CollectionId }))).Users).toHaveLength(1);
    const { Faces = [] } = await client.send(new ListFacesCommand({ CollectionId, UserId: 'v.ann' }));
    expect(Faces.map(({ FaceId }) => FaceId)).toEqual([anns]);
    // The pending change takes effect at its time, although the previous process had accepted it.
    expect(await usersLike(client, probe)).toEqual([]);
    clock.advance(500);
    expect(await usersLike(client, probe)).toEqual(['v.ann']);
  });

  it('recognises a picture that was indexed before', async () => {
    const dataDir = await temporaryFolder();
    const before = await startWithCollection({ dataDir });
    const ids = await index(before.client, [{ angle: 0 }], { ExternalImageId: 'frame-1' });
    await before.server.close();
    const { client } = await startWithClient({ dataDir });
    expect(await index(client, [{ angle: 0 }], { ExternalImageId: 'frame-1' })).toEqual(ids);
  });

  it('rejects comparisons with vectors of another model and names the remedy', async () => {
    const dataDir = await temporaryFolder();
    const before = await startWithCollection({ dataDir });
    const anns = await enrol(before.client, 'v.ann', { angle: 0 });
    await before.server.close();
    const { client } = await startWithClient({ dataDir, faces: scriptedAnalyser({ modelId: 'scripted-2' }) });
    for (const rejected of [index(client, [{ angle: 0 }]), usersLike(client, anns)]) {
      await expect(rejected).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('use another collection'),
      });
    }
    // Operations without a comparison still work: faces and users stay deletable.
    await client.send(new DeleteUserCommand({ CollectionId, UserId: 'v.ann' }));
    const { DeletedFaces } = await client.send(new DeleteFacesCommand({ CollectionId, FaceIds: [anns] }));
    expect(DeletedFaces).toEqual([anns]);
  });
});

describe('a Rekognition server killed in the middle of its work', () => {
  it('has kept every face that it acknowledged', async () => {
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
  it('is no longer in any file, neither of a face nor of a user', async () => {
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
