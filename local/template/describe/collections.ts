/** Rekognition collections, which have nothing but a name. */
import type { CollectionDescription } from '../description.ts';
import type { World } from '../world.ts';

export function describeCollections(world: World): CollectionDescription[] {
  return world.all('AWS::Rekognition::Collection').map(({ logicalId, identity }) => ({
    logicalId,
    collectionId: identity.ref,
  }));
}
