import {
  CreateCollectionCommand,
  DeleteFacesCommand,
  IndexFacesCommand,
  ListFacesCommand,
  type RekognitionClient,
  SearchFacesByImageCommand,
  SearchFacesCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../wire/manual-clock.ts';
import {
  CollectionId,
  enrol,
  index,
  indexOne,
  startWithCollection,
  UNKNOWN_FACE,
} from './rekognition-client.ts';
import { MODEL_ID, pictureOf, similarityAt } from './scripted-faces.ts';

const faceCountIn = async (client: RekognitionClient) =>
  (await client.send(new ListFacesCommand({ CollectionId }))).Faces?.length;

describe('indexing a picture', () => {
  it('stores every face, largest first, with its box relative to the picture', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([
      { angle: 0, size: 50, left: 100, top: 100 },
      { angle: 90, size: 200, left: 500, top: 50, confidence: 0.9, brightness: 60, sharpness: 70, yaw: 12 },
    ]);
    const answer = await client.send(
      new IndexFacesCommand({ CollectionId, Image: { Bytes }, ExternalImageId: 'camera-1:9' }),
    );
    expect(answer.FaceModelVersion).toBe(MODEL_ID);
    expect(answer.UnindexedFaces).toEqual([]);
    const [large, small] = answer.FaceRecords ?? [];
    expect(large?.Face).toEqual({
      FaceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ImageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ExternalImageId: 'camera-1:9',
      BoundingBox: { Left: 0.5, Top: 0.1, Width: 0.2, Height: 0.4 },
      Confidence: 90,
      IndexFacesModelVersion: MODEL_ID,
    });
    expect(large?.FaceDetail).toEqual({
      BoundingBox: { Left: 0.5, Top: 0.1, Width: 0.2, Height: 0.4 },
      Confidence: 90,
      Landmarks: [{ Type: 'eyeLeft', X: 0.6, Y: 0.3 }],
      Pose: { Roll: 1, Pitch: 2, Yaw: 12 },
      Quality: { Brightness: 60, Sharpness: 70 },
    });
    expect(small?.Face?.BoundingBox?.Width).toBe(0.05);
    expect(small?.Face?.ImageId).toBe(large?.Face?.ImageId);
  });

  it('adds nothing for a picture without a face', async () => {
    const { client } = await startWithCollection();
    expect(await index(client, [])).toEqual([]);
  });

  it('stores the largest MaxFaces faces and returns the others as unindexed', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([
      { angle: 0, size: 60 },
      { angle: 30, size: 90, left: 100 },
      { angle: 60, size: 80, left: 300 },
    ]);
    const answer = await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes }, MaxFaces: 1 }));
    expect(answer.FaceRecords?.map(({ Face }) => Face?.BoundingBox?.Width)).toEqual([0.09]);
    expect(
      answer.UnindexedFaces?.map(({ Reasons, FaceDetail }) => [Reasons, FaceDetail?.BoundingBox?.Width]),
    ).toEqual([
      [['EXCEEDS_MAX_FACES'], 0.08],
      [['EXCEEDS_MAX_FACES'], 0.06],
    ]);
    expect(await faceCountIn(client)).toBe(1);
  });

  it('stores at most a hundred faces of a picture', async () => {
    const { client } = await startWithCollection();
    const crowd = Array.from({ length: 101 }, (_, n) => ({ angle: n, size: 60, left: n * 5 }));
    expect(await index(client, crowd, { MaxFaces: 4000 })).toHaveLength(100);
  });

  it('returns the stored faces for a picture that was indexed before', async () => {
    const { client } = await startWithCollection();
    const faces = [{ angle: 0 }, { angle: 90, size: 60, left: 500 }];
    const ids = await index(client, faces, { ExternalImageId: 'frame-1' });
    expect(await index(client, faces, { ExternalImageId: 'frame-1' })).toEqual(ids);
    expect(await index(client, faces, { ExternalImageId: 'frame-1', MaxFaces: 1 })).toEqual(ids.slice(0, 1));
    expect(await index(client, faces, { ExternalImageId: 'frame-2' })).not.toEqual(ids);
    expect(await faceCountIn(client)).toBe(4);
  });

  it('rejects an unknown collection, an invalid external id and a MaxFaces of 0', async () => {
    const { client } = await startWithCollection();
    await expect(index(client, [], { CollectionId: 'missing' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(index(client, [], { ExternalImageId: 'with space' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(index(client, [], { MaxFaces: 0 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('stores no face of a picture that would exceed the quota of the collection', async () => {
    const { client } = await startWithCollection({ quotas: { facesPerCollectionMax: 2 } });
    await indexOne(client, { angle: 0 });
    const two = [{ angle: 30 }, { angle: 60, left: 500 }];
    await expect(index(client, two)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
    expect(await faceCountIn(client)).toBe(1);
  });
});

describe('a quality filter', () => {
  const flaws = [
    [{ angle: 0, confidence: 0.2 }, 'LOW_CONFIDENCE'],
    [{ angle: 0, size: 20 }, 'SMALL_BOUNDING_BOX'],
    [{ angle: 0, yaw: -80 }, 'EXTREME_POSE'],
    [{ angle: 0, brightness: 2 }, 'LOW_BRIGHTNESS'],
    [{ angle: 0, sharpness: 4 }, 'LOW_SHARPNESS'],
    [{ angle: 0, sharpness: 26, size: 33 }, 'LOW_FACE_QUALITY'],
  ] as const;

  it.each(flaws)('excludes %j with its reason, unless there is no filter', async (face, reason) => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([face]) };
    const filtered = await client.send(new IndexFacesCommand({ CollectionId, Image }));
    expect(filtered.FaceRecords).toEqual([]);
    expect(filtered.UnindexedFaces).toMatchObject([{ Reasons: expect.arrayContaining([reason]) }]);
    const all = await client.send(new IndexFacesCommand({ CollectionId, Image, QualityFilter: 'NONE' }));
    expect(all.FaceRecords).toHaveLength(1);
  });

  it('applies before MaxFaces, so that a poor face does not displace a good one', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([
      { angle: 0, size: 300, sharpness: 1 },
      { angle: 90, size: 60, left: 500 },
    ]);
    const answer = await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes }, MaxFaces: 1 }));
    expect(answer.FaceRecords).toMatchObject([{ Face: { BoundingBox: { Width: 0.06 } } }]);
    expect(answer.UnindexedFaces).toMatchObject([{ FaceDetail: { BoundingBox: { Width: 0.3 } } }]);
  });

  it('excludes more faces the stricter it is', async () => {
    const { client } = await startWithCollection();
    const faces = [
      { angle: 0, sharpness: 20, size: 60 },
      { angle: 0, sharpness: 40, size: 61 },
      { angle: 0, sharpness: 90, size: 120 },
    ];
    const counts: number[] = [];
    for (const QualityFilter of ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const) {
      counts.push((await index(client, faces, { QualityFilter, ExternalImageId: QualityFilter })).length);
    }
    expect(counts).toEqual([3, 3, 2, 1]);
  });
});

describe('the list of faces', () => {
  it('is returned in pages, in the order of indexing', async () => {
    const { client } = await startWithCollection();
    const ids: string[] = [];
    for (const angle of [0, 30, 60]) ids.push(await indexOne(client, { angle }));
    const first = await client.send(new ListFacesCommand({ CollectionId, MaxResults: 2 }));
    const rest = await client.send(
      new ListFacesCommand({ CollectionId, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(first.Faces?.map(({ FaceId }) => FaceId)).toEqual(ids.slice(0, 2));
    expect(rest.Faces?.map(({ FaceId }) => FaceId)).toEqual(ids.slice(2));
    expect(rest.NextToken).toBeUndefined();
    expect(rest.FaceModelVersion).toBe(MODEL_ID);
  });

  it('is restricted to a user or to given ids on request', async () => {
    const { client } = await startWithCollection();
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    const bobs = await enrol(client, 'v.bob', { angle: 90 });
    const list = async (filter: object) => {
      const { Faces = [] } = await client.send(new ListFacesCommand({ CollectionId, ...filter }));
      return Faces.map(({ FaceId, UserId }) => [FaceId, UserId]);
    };
    expect(await list({ UserId: 'v.ann' })).toEqual([[anns, 'v.ann']]);
    expect(await list({ FaceIds: [bobs, UNKNOWN_FACE, bobs] })).toEqual([[bobs, 'v.bob']]);
    expect(await list({ FaceIds: [bobs], UserId: 'v.ann' })).toEqual([]);
  });
});

describe('deleting faces', () => {
  it('deletes each face independently, except those associated with a user', async () => {
    const { client } = await startWithCollection();
    const unassociated = await indexOne(client, { angle: 30 });
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    const answer = await client.send(
      new DeleteFacesCommand({ CollectionId, FaceIds: [unassociated, anns, UNKNOWN_FACE, unassociated] }),
    );
    expect(answer.DeletedFaces).toEqual([unassociated]);
    expect(answer.UnsuccessfulFaceDeletions).toEqual([
      { FaceId: anns, UserId: 'v.ann', Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] },
      { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
    ]);
    const { FaceMatches } = await client.send(
      new SearchFacesCommand({ CollectionId, FaceId: anns, FaceMatchThreshold: 0 }),
    );
    expect(FaceMatches).toEqual([]);
  });

  it('rejects an empty list and an invalid id', async () => {
    const { client } = await startWithCollection();
    for (const FaceIds of [[], ['oops']]) {
      await expect(client.send(new DeleteFacesCommand({ CollectionId, FaceIds }))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
  });
});

describe('searching for faces by a face', () => {
  it('returns the other faces with a similarity of at least 80, most similar first', async () => {
    const { client } = await startWithCollection();
    const FaceId = await indexOne(client, { angle: 0 });
    const near = await indexOne(client, { angle: 10 });
    const farther = await indexOne(client, { angle: -36 });
    const tooFar = await indexOne(client, { angle: 37 });
    const answer = await client.send(new SearchFacesCommand({ CollectionId, FaceId }));
    expect(answer).toMatchObject({ SearchedFaceId: FaceId, FaceModelVersion: MODEL_ID });
    expect(answer.FaceMatches?.map(({ Face }) => Face?.FaceId)).toEqual([near, farther]);
    expect(answer.FaceMatches?.[0]?.Similarity).toBeCloseTo(similarityAt(10), 3);
    const lower = await client.send(
      new SearchFacesCommand({ CollectionId, FaceId, FaceMatchThreshold: 79, MaxFaces: 2 }),
    );
    expect(lower.FaceMatches?.map(({ Face }) => Face?.FaceId)).toEqual([near, farther]);
    const all = await client.send(new SearchFacesCommand({ CollectionId, FaceId, FaceMatchThreshold: 79.5 }));
    expect(all.FaceMatches?.map(({ Face }) => Face?.FaceId)).toContain(tooFar);
  });

  it('rejects an unknown face, and a threshold or a limit out of range', async () => {
    const { client } = await startWithCollection();
    await expect(
      client.send(new SearchFacesCommand({ CollectionId, FaceId: UNKNOWN_FACE })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'faceId was not found in the collection',
    });
    const FaceId = await indexOne(client, { angle: 0 });
    for (const how of [{ FaceMatchThreshold: 100.5 }, { FaceMatchThreshold: -1 }, { MaxFaces: 4097 }]) {
      await expect(
        client.send(new SearchFacesCommand({ CollectionId, FaceId, ...how })),
      ).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
  });

  it('does not find a face until its readiness delay has passed, as on AWS', async () => {
    const clock = manualClock();
    const { client } = await startWithCollection({ clock, delays: { faceReadyMs: 200 } });
    const FaceId = await indexOne(client, { angle: 0 });
    const search = () => client.send(new SearchFacesCommand({ CollectionId, FaceId }));
    await expect(search()).rejects.toMatchObject({ name: 'InvalidParameterException' });
    clock.advance(200);
    expect((await search()).FaceMatches).toEqual([]);
  });
});

describe('searching for faces by a picture', () => {
  it('searches for the largest face that passes the quality filter', async () => {
    const { client } = await startWithCollection();
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    await enrol(client, 'v.bob', { angle: 90 });
    const Bytes = pictureOf([
      { angle: 90, size: 300, sharpness: 1 },
      { angle: 5, size: 100, left: 500 },
      { angle: 90, size: 60, left: 800 },
    ]);
    const search = { CollectionId, Image: { Bytes } };
    const filtered = await client.send(new SearchFacesByImageCommand({ ...search, QualityFilter: 'AUTO' }));
    expect(filtered.FaceMatches).toMatchObject([{ Face: { FaceId: anns, UserId: 'v.ann' } }]);
    expect(filtered.SearchedFaceBoundingBox).toEqual({ Left: 0.5, Top: 0, Width: 0.1, Height: 0.2 });
    expect(filtered.SearchedFaceConfidence).toBe(99);
    const unfiltered = await client.send(new SearchFacesByImageCommand(search));
    expect(unfiltered.FaceMatches).toMatchObject([{ Face: { UserId: 'v.bob' } }]);
  });

  it('stores nothing of the picture', async () => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([{ angle: 0 }]) };
    await client.send(new SearchFacesByImageCommand({ CollectionId, Image }));
    expect(await faceCountIn(client)).toBe(0);
  });

  it('rejects a picture without a face', async () => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([]) };
    await expect(client.send(new SearchFacesByImageCommand({ CollectionId, Image }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'There are no faces in the image. Should be at least 1.',
    });
  });
});

describe('a face', () => {
  it('belongs to one collection and is not found in another', async () => {
    const { client } = await startWithCollection();
    const FaceId = await indexOne(client, { angle: 0 });
    await client.send(new CreateCollectionCommand({ CollectionId: 'other' }));
    const { UnsuccessfulFaceDeletions } = await client.send(
      new DeleteFacesCommand({ CollectionId: 'other', FaceIds: [FaceId] }),
    );
    expect(UnsuccessfulFaceDeletions).toEqual([{ FaceId, Reasons: ['FACE_NOT_FOUND'] }]);
    const search = client.send(new SearchFacesCommand({ CollectionId: 'other', FaceId }));
    await expect(search).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const Image = { Bytes: pictureOf([{ angle: 0 }]) };
    const { FaceMatches } = await client.send(
      new SearchFacesByImageCommand({ CollectionId: 'other', Image }),
    );
    expect(FaceMatches).toEqual([]);
  });
});
