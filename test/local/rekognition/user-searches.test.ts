import { SearchUsersByImageCommand, SearchUsersCommand } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import {
  associate,
  CollectionId,
  enrol,
  indexOne,
  startWithCollection,
  UNKNOWN_FACE,
  usersLike,
} from './rekognition-client.ts';
import { MODEL_ID, pictureOf, similarityAt } from './scripted-faces.ts';

const WITHOUT_DELAY = { delays: { userReadyMs: 0 } };

describe('searching for users by a face', () => {
  it('returns the users with a similarity of at least 80, the face’s own user included', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    await enrol(client, 'v.bob', { angle: 30 });
    await enrol(client, 'v.cho', { angle: 37 });
    const answer = await client.send(new SearchUsersCommand({ CollectionId, FaceId: anns }));
    expect(answer).toMatchObject({ SearchedFace: { FaceId: anns }, FaceModelVersion: MODEL_ID });
    expect(answer.UserMatches?.map(({ User }) => User)).toEqual([
      { UserId: 'v.ann', UserStatus: 'ACTIVE' },
      { UserId: 'v.bob', UserStatus: 'ACTIVE' },
    ]);
    expect(answer.UserMatches?.[1]?.Similarity).toBeCloseTo(similarityAt(30), 3);
    expect(await usersLike(client, anns, 79)).toEqual(['v.ann', 'v.bob', 'v.cho']);
    const one = await client.send(new SearchUsersCommand({ CollectionId, FaceId: anns, MaxUsers: 1 }));
    expect(one.UserMatches).toHaveLength(1);
  });

  it('compares with the mean of a user’s faces', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    await enrol(client, 'v.ann', { angle: 0 });
    await associate(client, 'v.ann', [await indexOne(client, { angle: 40 })]);
    const probe = await indexOne(client, { angle: 20 });
    const { UserMatches } = await client.send(new SearchUsersCommand({ CollectionId, FaceId: probe }));
    expect(UserMatches?.[0]?.Similarity).toBeCloseTo(100, 3);
  });
});

describe('searching for users by a user', () => {
  it('returns the other users that are similar', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    await enrol(client, 'v.ann', { angle: 0 });
    await enrol(client, 'v.bob', { angle: 10 });
    await enrol(client, 'v.cho', { angle: 90 });
    const answer = await client.send(new SearchUsersCommand({ CollectionId, UserId: 'v.ann' }));
    expect(answer.SearchedUser).toEqual({ UserId: 'v.ann' });
    expect(answer.UserMatches?.map(({ User }) => User?.UserId)).toEqual(['v.bob']);
  });

  it('rejects a search by neither or both ids, and by unknown ones', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    const FaceId = await enrol(client, 'v.ann', { angle: 0 });
    const search = (by: object) => client.send(new SearchUsersCommand({ CollectionId, ...by }));
    const invalid = { name: 'InvalidParameterException' };
    await expect(search({})).rejects.toMatchObject(invalid);
    await expect(search({ FaceId, UserId: 'v.ann' })).rejects.toMatchObject(invalid);
    await expect(search({ FaceId: UNKNOWN_FACE })).rejects.toMatchObject(invalid);
    await expect(search({ UserId: 'v.bob' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(search({ UserId: 'v.ann', MaxUsers: 501 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('searching for users by a picture', () => {
  it('searches for the largest face and returns the others as unsearched, with reasons', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    await enrol(client, 'v.ann', { angle: 0 });
    await enrol(client, 'v.bob', { angle: 90 });
    const Bytes = pictureOf([
      { angle: 90, size: 300, sharpness: 1 },
      { angle: 5, size: 100, left: 500 },
      { angle: 90, size: 60, left: 800 },
    ]);
    const search = { CollectionId, Image: { Bytes } };
    const answer = await client.send(new SearchUsersByImageCommand({ ...search, QualityFilter: 'AUTO' }));
    expect(answer.UserMatches).toMatchObject([{ User: { UserId: 'v.ann' } }]);
    expect(answer.SearchedFace?.FaceDetail?.BoundingBox?.Left).toBe(0.5);
    expect(answer.UnsearchedFaces?.map(({ Reasons }) => Reasons)).toEqual([
      ['LOW_SHARPNESS', 'LOW_FACE_QUALITY'],
      ['FACE_NOT_LARGEST'],
    ]);
    const unfiltered = await client.send(new SearchUsersByImageCommand(search));
    expect(unfiltered.UserMatches).toMatchObject([{ User: { UserId: 'v.bob' } }]);
  });

  it('returns no match and no error for a picture without a face', async () => {
    const { client } = await startWithCollection(WITHOUT_DELAY);
    const Image = { Bytes: pictureOf([]) };
    const answer = await client.send(new SearchUsersByImageCommand({ CollectionId, Image }));
    expect(answer).toMatchObject({ UserMatches: [], UnsearchedFaces: [] });
    expect(answer.SearchedFace).toBeUndefined();
  });
});
