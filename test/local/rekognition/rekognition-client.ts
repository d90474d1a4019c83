/** Shared set-up of the Rekognition tests: a server with the SDK's client, and the most frequent calls. */
import {
  AssociateFacesCommand,
  type AssociateFacesCommandInput,
  CreateCollectionCommand,
  CreateUserCommand,
  IndexFacesCommand,
  type IndexFacesCommandInput,
  RekognitionClient,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { onTestFinished } from 'vitest';
import { type RekognitionOptions, startRekognition } from '#local/servers/rekognition/server.ts';
import { pictureOf, type ScriptedFace, scriptedAnalyser, similarityOf } from './scripted-faces.ts';

export const CollectionId = 'aisle-shops';
/** A valid face id that no face has. */
export const UNKNOWN_FACE = '00000000-0000-4000-8000-000000000000';

export function clientOf(url: string): RekognitionClient {
  return new RekognitionClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

export async function startWithClient(options: Partial<RekognitionOptions> = {}) {
  const server = await startRekognition({ faces: scriptedAnalyser(), similarityOf, ...options });
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { server, client };
}

/** Starts a server with one collection. */
export async function startWithCollection(options: Partial<RekognitionOptions> = {}) {
  const started = await startWithClient(options);
  await started.client.send(new CreateCollectionCommand({ CollectionId }));
  return started;
}

/** Indexes a picture of these faces and returns their ids, largest first. */
export async function index(
  client: RekognitionClient,
  faces: readonly ScriptedFace[],
  how: Partial<IndexFacesCommandInput> = {},
): Promise<string[]> {
  const command = new IndexFacesCommand({ CollectionId, Image: { Bytes: pictureOf(faces) }, ...how });
  const { FaceRecords = [] } = await client.send(command);
  return FaceRecords.map(({ Face }) => Face?.FaceId ?? '');
}

/** Indexes one face and returns its id. */
export async function indexOne(client: RekognitionClient, face: ScriptedFace): Promise<string> {
  const [id = ''] = await index(client, [face]);
  return id;
}

export async function associate(
  client: RekognitionClient,
  UserId: string,
  FaceIds: readonly string[],
  how: Partial<AssociateFacesCommandInput> = {},
) {
  return client.send(new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [...FaceIds], ...how }));
}

/** Creates a user with one face and returns the face's id. */
export async function enrol(client: RekognitionClient, UserId: string, face: ScriptedFace): Promise<string> {
  await client.send(new CreateUserCommand({ CollectionId, UserId }));
  const faceId = await indexOne(client, face);
  await associate(client, UserId, [faceId]);
  return faceId;
}

/** Returns the ids of the users that match a face, most similar first. */
export async function usersLike(
  client: RekognitionClient,
  FaceId: string,
  UserMatchThreshold?: number,
): Promise<(string | undefined)[]> {
  const { UserMatches = [] } = await client.send(
    new SearchUsersCommand({ CollectionId, FaceId, UserMatchThreshold }),
  );
  return UserMatches.map(({ User }) => User?.UserId);
}
