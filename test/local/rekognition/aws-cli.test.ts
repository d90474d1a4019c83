/**
 * The AWS CLI as an independent client: another language, another SDK, its own implementation of the
 * protocol.
 */
import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../wire/child-server.ts';
import { startWithClient } from './rekognition-client.ts';
import { pictureOf, type ScriptedFace } from './scripted-faces.ts';

/** Debian's CLI, or any other on the PATH; it takes a second or more to start. */
const CLI = ['/usr/bin/aws', 'aws'].find((path) => {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
const WHY_SKIPPED =
  CLI === undefined ? ' (skipped: no AWS CLI on this machine; Debian has it as awscli)' : '';
const CLI_MS_MAX = 120_000;

/** Older versions, Debian 12's among them, predate the operations on users. */
const supportsUsers = CLI !== undefined && operationsOf(CLI).includes('create-user');

function operationsOf(cli: string): string {
  try {
    // An unknown operation makes the CLI exit with an error that lists the operations it supports.
    return execFileSync(cli, ['rekognition', 'oops'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr);
  }
}

async function startWithCli() {
  const { server } = await startWithClient({ delays: { userReadyMs: 0 } });
  const folder = await temporaryFolder();
  const aws = (...args: string[]): Promise<{ readonly output: unknown; readonly error: string }> =>
    new Promise((resolve) => {
      execFile(
        CLI ?? 'aws',
        ['rekognition', ...args, '--endpoint-url', server.url, '--region', 'us-east-1', '--output', 'json'],
        {
          env: {
            ...process.env,
            AWS_ACCESS_KEY_ID: 'local',
            AWS_SECRET_ACCESS_KEY: 'local',
            AWS_PAGER: '',
            AWS_MAX_ATTEMPTS: '1',
          },
        },
        (failed, stdout, stderr) =>
          resolve({ output: failed || stdout === '' ? undefined : JSON.parse(stdout), error: stderr }),
      );
    });
  const pictureFile = async (name: string, faces: readonly ScriptedFace[]): Promise<string> => {
    await writeFile(join(folder, name), pictureOf(faces));
    return `fileb://${join(folder, name)}`;
  };
  return { aws, pictureFile };
}

describe.skipIf(CLI === undefined)(`the AWS CLI${WHY_SKIPPED}`, { timeout: CLI_MS_MAX }, () => {
  const collection = ['--collection-id', 'shops'];

  it('creates a collection, indexes a picture and finds it by another one', async () => {
    const { aws, pictureFile } = await startWithCli();
    expect((await aws('create-collection', ...collection)).output).toMatchObject({ StatusCode: 200 });
    const ann = await pictureFile('ann.jpg', [{ angle: 0 }]);
    const indexed = await aws(
      'index-faces',
      ...collection,
      '--image-bytes',
      ann,
      '--external-image-id',
      'ann',
    );
    expect(indexed.output).toMatchObject({ FaceRecords: [{ Face: { ExternalImageId: 'ann' } }] });
    const again = await pictureFile('again.jpg', [{ angle: 20 }]);
    const found = await aws('search-faces-by-image', ...collection, '--image-bytes', again);
    expect(found.output).toMatchObject({
      SearchedFaceConfidence: 99,
      FaceMatches: [{ Face: { ExternalImageId: 'ann' } }],
    });
    expect((await aws('list-faces', ...collection)).output).toMatchObject({
      Faces: [{ ExternalImageId: 'ann' }],
    });
  });

  it('reports the error code of a failed call', async () => {
    const { aws, pictureFile } = await startWithCli();
    const unknown = await aws('list-faces', ...collection);
    expect(unknown.error).toContain('(ResourceNotFoundException) when calling the ListFaces operation');
    await aws('create-collection', ...collection);
    const empty = await pictureFile('empty.jpg', []);
    const searched = await aws('search-faces-by-image', ...collection, '--image-bytes', empty);
    expect(searched.error).toContain('(InvalidParameterException)');
  });

  it.skipIf(!supportsUsers)('enrols a user and finds it (skipped where the CLI predates users)', async () => {
    const { aws, pictureFile } = await startWithCli();
    await aws('create-collection', ...collection);
    await aws('create-user', ...collection, '--user-id', 'v.ann');
    const ann = await pictureFile('ann.jpg', [{ angle: 0 }]);
    const { output } = await aws('index-faces', ...collection, '--image-bytes', ann);
    const { FaceRecords } = output as { FaceRecords: { Face: { FaceId: string } }[] };
    const FaceId = FaceRecords[0]?.Face.FaceId ?? '';
    const associated = await aws(
      'associate-faces',
      ...collection,
      '--user-id',
      'v.ann',
      '--face-ids',
      FaceId,
    );
    expect(associated.output).toMatchObject({ AssociatedFaces: [{ FaceId }] });
    const found = await aws('search-users', ...collection, '--face-id', FaceId);
    expect(found.output).toMatchObject({
      UserMatches: [{ User: { UserId: 'v.ann', UserStatus: 'ACTIVE' } }],
    });
  });
});
