/** ListCollections, in the order they were created in. */
import { operation } from '../../wire/json-service.ts';
import { COLLECTIONS_PER_PAGE_MAX } from '../limits.ts';
import { readPage } from '../page-tokens.ts';
import type { Rekognition } from '../rekognition.ts';
import { page } from '../shapes.ts';

export const listCollections = ({ collections }: Rekognition) =>
  operation(page, (input) => {
    const { rows, nextToken } = readPage('collections', input, COLLECTIONS_PER_PAGE_MAX, collections.after);
    return {
      CollectionIds: rows.map(({ name }) => name),
      FaceModelVersions: rows.map(({ modelId }) => modelId),
      NextToken: nextToken,
    };
  });
