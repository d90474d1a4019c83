/** Rekognition collections, which have no properties but a name. */
import type { CollectionDescription } from '../description.ts';
import type { ResolvedStacks } from '../resolved-stacks.ts';

/** Returns the collections. */
export function describeCollections(stacks: ResolvedStacks): CollectionDescription[] {
  return stacks.all('AWS::Rekognition::Collection').map(({ logicalId, identity }) => ({
    logicalId,
    collectionId: identity.ref,
  }));
}
