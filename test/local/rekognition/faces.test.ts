import {
  CreateCollectionCommand,
  DeleteFacesCommand,
  DescribeCollectionCommand,
  IndexFacesCommand,
  ListFacesCommand,
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

describe('indexing a picture', () => {
  it('keeps every face, largest first, with its place as shares of the picture', async () => {
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

  it('keeps no more faces than asked for, the largest, and tells the others', async () => {
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
    const { FaceCount } = await client.send(new DescribeCollectionCommand({ CollectionId }));
    expect(FaceCount).toBe(1);
  });

  it('finds a hundred faces and not one more', async () => {
    const { client } = await startWithCollection();
    const crowd = Array.from({ length: 101 }, (_, n) => ({ angle: n, size: 60, left: n * 5 }));
    expect(await index(client, crowd, { MaxFaces: 4000 })).toHaveLength(100);
  });

  it('adds nothing for the same picture again, and answers the same faces', async () => {
    const { client } = await startWithCollection();
    const faces = [{ angle: 0 }, { angle: 90, size: 60, left: 500 }];
    const ids = await index(client, faces, { ExternalImageId: 'frame-1' });
    expect(await index(client, faces, { ExternalImageId: 'frame-1' })).toEqual(ids);
    expect(await index(client, faces, { ExternalImageId: 'frame-1', MaxFaces: 1 })).toEqual(ids.slice(0, 1));
    expect(await index(client, faces, { ExternalImageId: 'frame-2' })).not.toEqual(ids);
    const { FaceCount } = await client.send(new DescribeCollectionCommand({ CollectionId }));
    expect(FaceCount).toBe(4);
  });

  it('is refused into no collection, under a wrong external id, and for no face at all', async () => {
    const { client } = await startWithCollection();
    await expect(index(client, [], { CollectionId: 'nowhere' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(index(client, [], { ExternalImageId: 'with space' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(index(client, [], { MaxFaces: 0 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is refused beyond what the collection may hold, whole', async () => {
    const { client } = await startWithCollection({ quotas: { facesPerCollectionMax: 2 } });
    await indexOne(client, { angle: 0 });
    const two = [{ angle: 30 }, { angle: 60, left: 500 }];
    await expect(index(client, two)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
    const { FaceCount } = await client.send(new DescribeCollectionCommand({ CollectionId }));
    expect(FaceCount).toBe(1);
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

  it.each(flaws)('keeps out %j for its reason, unless there is no filter', async (face, reason) => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([face]) };
    const filtered = await client.send(new IndexFacesCommand({ CollectionId, Image }));
    expect(filtered.FaceRecords).toEqual([]);
    expect(filtered.UnindexedFaces).toMatchObject([{ Reasons: expect.arrayContaining([reason]) }]);
    const all = await client.send(new IndexFacesCommand({ CollectionId, Image, QualityFilter: 'NONE' }));
    expect(all.FaceRecords).toHaveLength(1);
  });

  it('goes before the number of faces: a poor face takes no good one’s place', async () => {
    const { client } = await startWithCollection();
    const Bytes = pictureOf([
      { angle: 0, size: 300, sharpness: 1 },
      { angle: 90, size: 60, left: 500 },
    ]);
    const answer = await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes }, MaxFaces: 1 }));
    expect(answer.FaceRecords).toMatchObject([{ Face: { BoundingBox: { Width: 0.06 } } }]);
    expect(answer.UnindexedFaces).toMatchObject([{ FaceDetail: { BoundingBox: { Width: 0.3 } } }]);
  });

  it('lets fewer pass the higher it is', async () => {
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
  it('comes a page at a time, in the order they were indexed in', async () => {
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

  it('is of one user, or out of given faces, where that is asked for', async () => {
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
  it('deletes each by itself, but none that a user has', async () => {
    const { client } = await startWithCollection();
    const nobodys = await indexOne(client, { angle: 30 });
    const anns = await enrol(client, 'v.ann', { angle: 0 });
    const answer = await client.send(
      new DeleteFacesCommand({ CollectionId, FaceIds: [nobodys, anns, UNKNOWN_FACE, nobodys] }),
    );
    expect(answer.DeletedFaces).toEqual([nobodys]);
    expect(answer.UnsuccessfulFaceDeletions).toEqual([
      { FaceId: anns, UserId: 'v.ann', Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] },
      { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
    ]);
    const { FaceMatches } = await client.send(
      new SearchFacesCommand({ CollectionId, FaceId: anns, FaceMatchThreshold: 0 }),
    );
    expect(FaceMatches).toEqual([]);
  });

  it('is refused for no faces, and for an id that is none', async () => {
    const { client } = await startWithCollection();
    for (const FaceIds of [[], ['oops']]) {
      await expect(client.send(new DeleteFacesCommand({ CollectionId, FaceIds }))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
  });
});

describe('searching for faces by a face', () => {
  it('finds the others that are similar by 80 of 100, most similar first', async () => {
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

  it('is refused for a face that is not there, and for a threshold that is none', async () => {
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

  it('may not find a face at once that was indexed a moment ago, as on AWS', async () => {
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
  it('searches for its largest face that is good enough', async () => {
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

  it('keeps nothing of the picture', async () => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([{ angle: 0 }]) };
    await client.send(new SearchFacesByImageCommand({ CollectionId, Image }));
    const { FaceCount } = await client.send(new DescribeCollectionCommand({ CollectionId }));
    expect(FaceCount).toBe(0);
  });

  it('is refused for a picture without a face', async () => {
    const { client } = await startWithCollection();
    const Image = { Bytes: pictureOf([]) };
    await expect(client.send(new SearchFacesByImageCommand({ CollectionId, Image }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'There are no faces in the image. Should be at least 1.',
    });
  });
});

describe('a face', () => {
  it('is of one collection: another does not know it', async () => {
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
