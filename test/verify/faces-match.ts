/**
 * Recognition through the local Rekognition server: each person is enrolled from one photograph and searched with
 * another, and the similarities of genuine and impostor pairs are collected.
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

/** One search: the similarity, 0..100, to each enrolled person. */
export interface Search {
  readonly person: string;
  readonly similarities: ReadonlyMap<string, number>;
}

export interface Photograph {
  readonly person: string;
  readonly bytes: Buffer;
}

const CollectionId = 'verify-faces';

/** Returns the JPEGs of a folder, ordered by name; `036_08.jpg` is person 036. */
export function photographsIn(folder: string): Photograph[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => ({ person: name.split('_')[0] ?? name, bytes: readFileSync(join(folder, name)) }));
}

/**
 * Creates a collection with one user per photograph, with one face each.
 *
 * @throws Error where a face is not indexed or not associated.
 */
export async function enrol(client: RekognitionClient, photographs: readonly Photograph[]): Promise<void> {
  await client.send(new CreateCollectionCommand({ CollectionId }));
  for (const { person, bytes } of photographs) {
    const { FaceRecords = [] } = await client.send(
      new IndexFacesCommand({ CollectionId, Image: { Bytes: bytes }, ExternalImageId: person, MaxFaces: 1 }),
    );
    const FaceId = FaceRecords[0]?.Face?.FaceId;
    if (FaceId === undefined) throw new Error(`no face of ${person} was indexed`);
    const UserId = `v.${person}`;
    await client.send(new CreateUserCommand({ CollectionId, UserId }));
    const { AssociatedFaces } = await client.send(
      new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [FaceId] }),
    );
    if (AssociatedFaces?.length !== 1) throw new Error(`the face of ${person} was not associated`);
  }
}

/** Searches users with each photograph, at threshold 0, so that every pair is returned. */
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

/** Searches faces with each photograph, at threshold 0, so that every pair is returned. */
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

/** Returns the rank-1 rate in percent: searches whose most similar person is the right one. */
export function rankOne(searches: readonly Search[]): number {
  const correct = searches.filter(({ person, similarities }) => {
    const [best] = [...similarities].sort(([, a], [, b]) => b - a);
    return best?.[0] === person;
  });
  return (100 * correct.length) / searches.length;
}

/** Returns the similarities of genuine pairs (one person) and of impostor pairs (two people). */
export function pairsOf(searches: readonly Search[]): { readonly same: number[]; readonly other: number[] } {
  const all = searches.flatMap(({ person, similarities }) =>
    [...similarities].map(([enrolled, similarity]) => ({ isSame: enrolled === person, similarity })),
  );
  const of = (isSame: boolean) =>
    all.filter((pair) => pair.isSame === isSame).map(({ similarity }) => similarity);
  return { same: of(true), other: of(false) };
}
