import {
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteUserCommand,
  DisassociateFacesCommand,
  ListFacesCommand,
  ListUsersCommand,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import {
  associate,
  CollectionId,
  enrol,
  index,
  indexOne,
  startWithCollection,
  UNKNOWN_FACE,
  usersLike,
} from './rekognition-client.ts';
import { similarityAt } from './scripted-faces.ts';

const statusesIn = async (client: RekognitionClient) => {
  const { Users = [] } = await client.send(new ListUsersCommand({ CollectionId }));
  return Object.fromEntries(Users.map(({ UserId, UserStatus }) => [UserId, UserStatus]));
};

describe('a user', () => {
  it('is created without a face and matched by no search', async () => {
    const { client } = await startWithCollection();
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
    expect(await statusesIn(client)).toEqual({ 'v.ann': 'CREATED' });
    const FaceId = await indexOne(client, { angle: 0 });
    expect(await usersLike(client, FaceId, 0)).toEqual([]);
  });

  it('is unique within a collection', async () => {
    const { client } = await startWithCollection();
    const create = (id = CollectionId) =>
      client.send(new CreateUserCommand({ CollectionId: id, UserId: 'v.ann' }));
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ConflictException' });
    await client.send(new CreateCollectionCommand({ CollectionId: 'other' }));
    await create('other');
    await expect(create('missing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each(['', 'with space', 'x'.repeat(129), 'ann#1'])('rejects the id %j', async (UserId) => {
    const { client } = await startWithCollection();
    await expect(client.send(new CreateUserCommand({ CollectionId, UserId }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('is created once for a repeated request, and rejects its token with another request', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock });
    const create = (UserId: string) =>
      client.send(new CreateUserCommand({ CollectionId, UserId, ClientRequestToken: 'token-1' }));
    await create('v.ann');
    await create('v.ann');
    await expect(create('v.bob')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    clock.advance(60 * 60_000);
    await expect(create('v.ann')).rejects.toMatchObject({ name: 'ConflictException' });
    await create('v.bob');
  });

  it('is rejected beyond the quota of the collection', async () => {
    const { client } = await startWithCollection({ quotas: { usersPerCollectionMax: 1 } });
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
    const another = client.send(new CreateUserCommand({ CollectionId, UserId: 'v.bob' }));
    await expect(another).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  });

  it('leaves its faces in the collection, unassociated, when it is deleted', async () => {
    const { client } = await startWithCollection({ delays: { userReadyMs: 0 } });
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    expect(await usersLike(client, anns)).toEqual(['v.ann']);
    await client.send(new DeleteUserCommand({ CollectionId, UserId: 'v.ann' }));
    expect(await usersLike(client, anns)).toEqual([]);
    const { Faces } = await client.send(new ListFacesCommand({ CollectionId }));
    expect(Faces).toHaveLength(1);
    expect(Faces?.[0]?.UserId).toBeUndefined();
    expect(await statusesIn(client)).toEqual({});
    await expect(client.send(new DeleteUserCommand({ CollectionId, UserId: 'v.ann' }))).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
      },
    );
  });
});

describe('the list of users', () => {
  it('is returned in pages', async () => {
    const { client } = await startWithCollection();
    for (const UserId of ['v.c', 'v.a', 'v.b'])
      await client.send(new CreateUserCommand({ CollectionId, UserId }));
    const first = await client.send(new ListUsersCommand({ CollectionId, MaxResults: 2 }));
    expect(first.Users?.map(({ UserId }) => UserId)).toEqual(['v.c', 'v.a']);
    const rest = await client.send(
      new ListUsersCommand({ CollectionId, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(rest.Users?.map(({ UserId }) => UserId)).toEqual(['v.b']);
    expect(rest.NextToken).toBeUndefined();
    const tooLong = client.send(new ListUsersCommand({ CollectionId, MaxResults: 501 }));
    await expect(tooLong).rejects.toMatchObject({ name: 'ValidationException' });
    const wrong = client.send(new ListUsersCommand({ CollectionId, NextToken: 'oops' }));
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidPaginationTokenException' });
  });
});

describe('a user’s readiness', () => {
  it('follows the association of its faces with a delay: CREATED, UPDATING, ACTIVE', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock, delays: { userReadyMs: 500 } });
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
    const [anns = '', another = ''] = await index(client, [{ angle: 0 }, { angle: 5, left: 500 }]);
    expect(await associate(client, 'v.ann', [anns])).toMatchObject({
      AssociatedFaces: [{ FaceId: anns }],
      UnsuccessfulFaceAssociations: [],
      UserStatus: 'UPDATING',
    });
    clock.advance(499);
    expect(await statusesIn(client)).toEqual({ 'v.ann': 'UPDATING' });
    expect(await usersLike(client, another)).toEqual([]);
    clock.advance(1);
    expect(await usersLike(client, another)).toEqual(['v.ann']);
    expect(await statusesIn(client)).toEqual({ 'v.ann': 'ACTIVE' });
  });

  it('applies the previous vector until the next one is ready', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock });
    await enrol(client, 'v.ann', { angle: 0 });
    clock.advance(500);
    const probe = await indexOne(client, { angle: -36 });
    const further = await indexOne(client, { angle: 30 });
    await associate(client, 'v.ann', [further]);
    expect(await usersLike(client, probe)).toEqual(['v.ann']);
    clock.advance(500);
    // The mean is now at 15°, 51° from the probe.
    expect(await usersLike(client, probe)).toEqual([]);
  });

  it('is CREATED again after its last face was disassociated', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock });
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    clock.advance(500);
    const answer = await client.send(
      new DisassociateFacesCommand({ CollectionId, UserId: 'v.ann', FaceIds: [anns] }),
    );
    expect(answer).toMatchObject({ DisassociatedFaces: [{ FaceId: anns }], UserStatus: 'UPDATING' });
    clock.advance(500);
    expect(await statusesIn(client)).toEqual({ 'v.ann': 'CREATED' });
    expect(await usersLike(client, anns, 0)).toEqual([]);
  });
});

describe('associating faces', () => {
  it('accepts a user’s first faces as they are, and later ones from a similarity of 75', async () => {
    const { client } = await startWithCollection();
    await enrol(client, 'v.ann', { angle: 0 });
    const near = await indexOne(client, { angle: 41 });
    const far = await indexOne(client, { angle: -42 });
    const answer = await associate(client, 'v.ann', [near, far]);
    expect(answer.AssociatedFaces).toEqual([{ FaceId: near }]);
    expect(answer.UnsuccessfulFaceAssociations).toMatchObject([
      { FaceId: far, Reasons: ['LOW_MATCH_CONFIDENCE'] },
    ]);
    expect(answer.UnsuccessfulFaceAssociations?.[0]?.Confidence).toBeCloseTo(similarityAt(42), 3);
    expect(await associate(client, 'v.ann', [far], { UserMatchThreshold: 20 })).toMatchObject({
      AssociatedFaces: [{ FaceId: far }],
    });
  });

  it('returns the reason for each rejected face, and none for one that the user has', async () => {
    const { client } = await startWithCollection();
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    const bobs = await enrol(client, 'v.bob', { angle: 1 });
    const answer = await associate(client, 'v.ann', [anns, bobs, UNKNOWN_FACE]);
    expect(answer.AssociatedFaces).toEqual([]);
    expect(answer.UnsuccessfulFaceAssociations).toEqual([
      { FaceId: bobs, UserId: 'v.bob', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
      { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
    ]);
  });

  it('rejects a face beyond a hundred per user', async () => {
    const { client } = await startWithCollection();
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
    const crowd = Array.from({ length: 100 }, (_, n) => ({ angle: n / 100, left: n }));
    const first = await index(client, crowd);
    expect((await associate(client, 'v.ann', first.slice(0, 99))).AssociatedFaces).toHaveLength(99);
    const [last = ''] = first.slice(99);
    const beyond = await indexOne(client, { angle: 0 });
    const answer = await associate(client, 'v.ann', [last, beyond]);
    expect(answer.AssociatedFaces).toEqual([{ FaceId: last }]);
    expect(answer.UnsuccessfulFaceAssociations).toEqual([{ FaceId: beyond, Reasons: [] }]);
    await expect(associate(client, 'v.ann', [beyond])).rejects.toMatchObject({
      name: 'ServiceQuotaExceededException',
    });
  });

  it('returns the first response to a repeated request', async () => {
    const { client } = await startWithCollection();
    await client.send(new CreateUserCommand({ CollectionId, UserId: 'v.ann' }));
    const face = await indexOne(client, { angle: 0 });
    const once = await associate(client, 'v.ann', [face], { ClientRequestToken: 'token-1' });
    const again = await associate(client, 'v.ann', [face], { ClientRequestToken: 'token-1' });
    expect(again.AssociatedFaces).toEqual(once.AssociatedFaces);
    expect((await associate(client, 'v.ann', [face])).AssociatedFaces).toEqual([]);
    await expect(
      associate(client, 'v.ann', [UNKNOWN_FACE], { ClientRequestToken: 'token-1' }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  it('rejects an unknown user, an empty list and more than a hundred faces', async () => {
    const { client } = await startWithCollection();
    await expect(associate(client, 'v.missing', [UNKNOWN_FACE])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    for (const count of [0, 101]) {
      await expect(associate(client, 'v.ann', Array(count).fill(UNKNOWN_FACE))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
  });
});

describe('disassociating faces', () => {
  it('releases the user’s own faces and returns the reason for each other one', async () => {
    const { client } = await startWithCollection();
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    const bobs = await enrol(client, 'v.bob', { angle: 90 });
    const unassociated = await indexOne(client, { angle: 45 });
    const disassociate = (UserId: string) =>
      client.send(
        new DisassociateFacesCommand({
          CollectionId,
          UserId,
          FaceIds: [anns, bobs, unassociated, UNKNOWN_FACE],
        }),
      );
    const answer = await disassociate('v.ann');
    expect(answer.DisassociatedFaces).toEqual([{ FaceId: anns }]);
    expect(answer.UnsuccessfulFaceDisassociations).toEqual([
      { FaceId: bobs, UserId: 'v.bob', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
      { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
    ]);
    await expect(disassociate('v.missing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    // A released face can be associated with another user.
    expect(
      (await associate(client, 'v.bob', [anns], { UserMatchThreshold: 0 })).AssociatedFaces,
    ).toHaveLength(1);
  });
});
