/** ListUsers: in the order of creation. */
import { operation } from '../../wire/json-service.ts';
import { text } from '../../wire/shape.ts';
import { describeUser } from '../descriptions.ts';
import { USERS_PER_CALL_MAX } from '../limits.ts';
import { readPage } from '../paging.ts';
import { collectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId, maxUsers } from '../shapes.ts';

export const listUsers = (rekognition: Rekognition) =>
  operation({ ...collectionId, MaxResults: maxUsers, NextToken: text({ max: 255 }) }, (input) => {
    const { users, clock } = rekognition;
    const { id: collectionRowId } = collectionOf(rekognition, input);
    const { rows, nextToken } = readPage(
      `users-${collectionRowId}`,
      input,
      USERS_PER_CALL_MAX,
      (id, countMax) => users.after(collectionRowId, id, countMax, clock.nowMs()),
    );
    return { Users: rows.map(describeUser), NextToken: nextToken };
  });
