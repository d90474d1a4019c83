/** CreateCollection. Tags are validated and not stored: no operation implemented here returns them. */
import { operation } from '../../wire/json-service.ts';
import { mapOf, required, text } from '../../wire/shape.ts';
import { collectionExists, invalidParameter } from '../errors.ts';
import { TAGS_MAX } from '../limits.ts';
import type { Rekognition } from '../rekognition.ts';
import { collectionId } from '../shapes.ts';

export const createCollection = (rekognition: Rekognition) =>
  operation(
    { ...collectionId, Tags: mapOf(required(text({ max: 256 }))) },
    ({ CollectionId, Tags = new Map() }) => {
      const { account, collections, faces } = rekognition;
      if (Tags.size > TAGS_MAX) throw invalidParameter('Request has invalid parameters: too many tags');
      if (collections.byName(CollectionId) !== undefined) throw collectionExists(CollectionId);
      collections.create(CollectionId, faces.modelId);
      return {
        StatusCode: 200,
        // Without the leading `arn:`, as AWS returns it from this operation only.
        CollectionArn: `aws:rekognition:${account.region}:${account.accountId}:collection/${CollectionId}`,
        FaceModelVersion: faces.modelId,
      };
    },
  );
