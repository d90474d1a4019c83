/**
 * Who is found: every person enrolled from one photograph and searched for with another, through the wire server, and
 * what the similarities of true and of false pairs then are.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  IndexFacesCommand,
  type RekognitionClient,
  SearchFacesByImageCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';

/** How similar the searched person is to each enrolled one, by person. */
export interface Search {
  readonly person: string;
  readonly similarities: ReadonlyMap<string, number>;
}

export interface Photograph {
  readonly person: string;
  readonly bytes: Buffer;
}

const CollectionId = 'verify-faces';

/** `036_08.jpg` is person 036. */
export function photographsIn(folder: string): Photograph[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => ({ person: name.split('_')[0] ?? name, bytes: readFileSync(join(folder, name)) }));
}

/** One user with one face for each photograph. */
export async function enrol(client: RekognitionClient, photographs: readonly Photograph[]): Promise<void> {
  await client.send(new CreateCollectionCommand({ CollectionId }));
  for (const { person, bytes } of photographs) {
    const { FaceRecords = [] } = await client.send(
      new IndexFacesCommand({ CollectionId, Image: { Bytes: bytes }, ExternalImageId: person, MaxFaces: 1 }),
    );
    const FaceId = FaceRecords[0]?.Face?.FaceId;
    if (FaceId === undefined) throw new Error(`no face of ${person} was good enough to enrol`);
    const UserId = `v.${person}`;
    await client.send(new CreateUserCommand({ CollectionId, UserId }));
    const { AssociatedFaces } = await client.send(
      new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [FaceId] }),
    );
    if (AssociatedFaces?.length !== 1) throw new Error(`the face of ${person} was not associated`);
  }
}

export async function searchUsers(
  client: RekognitionClient,
  photographs: readonly Photograph[],
): Promise<Search[]> {
  const searches: Search[] = [];
  for (const { person, bytes } of photographs) {
    const { UserMatches = [] } = await client.send(
      new SearchUsersByImageCommand({ CollectionId, Image: { Bytes: bytes }, UserMatchThreshold: 0 }),
    );
    const pairs = UserMatches.map(
      ({ User, Similarity = 0 }) => [User?.UserId?.slice(2) ?? '', Similarity] as const,
    );
    searches.push({ person, similarities: new Map(pairs) });
  }
  return searches;
}

export async function searchFaces(
  client: RekognitionClient,
  photographs: readonly Photograph[],
): Promise<Search[]> {
  const searches: Search[] = [];
  for (const { person, bytes } of photographs) {
    const { FaceMatches = [] } = await client.send(
      new SearchFacesByImageCommand({ CollectionId, Image: { Bytes: bytes }, FaceMatchThreshold: 0 }),
    );
    const pairs = FaceMatches.map(
      ({ Face, Similarity = 0 }) => [Face?.ExternalImageId ?? '', Similarity] as const,
    );
    searches.push({ person, similarities: new Map(pairs) });
  }
  return searches;
}

/** The share of searches whose most similar person is the right one, of 100. */
export function rankOne(searches: readonly Search[]): number {
  const right = searches.filter(({ person, similarities }) => {
    const [best] = [...similarities].sort(([, a], [, b]) => b - a);
    return best?.[0] === person;
  });
  return (100 * right.length) / searches.length;
}

/** Similarities of the pairs that are one person, and of those that are two. */
export function pairsOf(searches: readonly Search[]): { readonly same: number[]; readonly other: number[] } {
  const all = searches.flatMap(({ person, similarities }) =>
    [...similarities].map(([enrolled, similarity]) => ({ isSame: enrolled === person, similarity })),
  );
  const of = (isSame: boolean) =>
    all.filter((pair) => pair.isSame === isSame).map(({ similarity }) => similarity);
  return { same: of(true), other: of(false) };
}
