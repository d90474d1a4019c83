/** DescribeCollection: how many faces and users it holds, and of which model their vectors are. */
import { operation } from '../../wire/json-service.ts';
import { collectionArn, collectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId } from '../shapes.ts';

export const describeCollection = (rekognition: Rekognition) =>
  operation(collectionId, (input) => {
    const { id, name, modelId, createdAtMs } = collectionOf(rekognition, input);
    return {
      FaceCount: rekognition.storedFaces.count(id),
      UserCount: rekognition.users.count(id),
      FaceModelVersion: modelId,
      CollectionARN: collectionArn(rekognition, name),
      CreationTimestamp: createdAtMs / 1000,
    };
  });
