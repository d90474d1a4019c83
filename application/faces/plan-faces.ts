/**
 * Turns the indexed faces of a picture into a plan: search, compare, decide.
 *
 * The service compares one face at a time, so all faces of the picture are indexed by one call and then searched by id;
 * that alone retains none of them. Every paid call is counted before it is made; once the daily budget is used up, no
 * face is searched for any more and all are discarded.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Permissions } from '#domain/law/face-permissions.ts';
import { type FaceShot, qualityFaults } from '#domain/people/faces/face-quality.ts';
import { visitorUserId } from '#domain/people/faces/face-user.ts';
import { mergeEvidenceOf, mergeOf } from '#domain/people/faces/merge-evidence.ts';
import {
  type Candidate,
  type DetectedFace,
  recognise,
  type Verdict,
} from '#domain/people/faces/recognise.ts';
import { VISITOR_MATCH_MIN } from '#domain/people/faces/thresholds.ts';
import type { FaceIndex, IndexedFace, MeasuredFace } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';
import { mapConcurrent } from '../support/concurrency.ts';
import { BUDGET_EXHAUSTED, type CallBudget, spendCalls } from './call-budget.ts';
import type { FacePlan, PlannedFace } from './face-plan.ts';

/** A decoded picture from a store, ready to be processed. */
export interface Picture {
  /** Permanent id of the picture and part of the ids of users enrolled from it; letters, digits, `-` and `_`. */
  readonly frameId: string;
  readonly storeId: StoreId;
  /** The business day and instant at which it was taken. */
  readonly day: BusinessDay;
  readonly atMs: number;
  readonly bytes: Uint8Array;
  /** Pixels, after the EXIF orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly facesMax: number;
}

export interface PlanPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
}

/** A frame of thirty faces is then four rounds of searches; more at once would starve the next frame. */
export const SEARCHES_AT_ONCE_MAX = 8;

interface Found extends DetectedFace {
  readonly face: IndexedFace;
}

/** Returns the plan for indexed faces. Throws if the service is too busy or the table fails; nothing is changed then. */
export async function planFaces(
  { index, store }: PlanPorts,
  picture: Picture,
  permissions: Permissions,
  budget: CallBudget,
  indexed: readonly IndexedFace[],
): Promise<FacePlan> {
  const spend = (calls: number) => spendCalls(store, picture.storeId, budget, calls);
  const discardAll = (countedOnly: string): FacePlan => ({
    faces: indexed.map((face) => planned(face, { act: 'discard', outcome: 'not-retained' })),
    pairs: [],
    countedOnly,
  });

  const faces = indexed.map((face) => {
    const shot = shotOf(face, picture);
    return { face, shot, isFit: qualityFaults('match', shot).length === 0 };
  });
  const toSearch = faces.filter(({ isFit }) => isFit).length;
  if (toSearch > 0 && !(await spend(toSearch))) return discardAll(BUDGET_EXHAUSTED);
  const searched = await mapConcurrent(faces, SEARCHES_AT_ONCE_MAX, async (one) => ({
    ...one,
    matches: one.isFit ? await index.searchUsers(one.face.faceId, VISITOR_MATCH_MIN) : [],
  }));
  const candidatesOf = await candidateLookup(
    store,
    searched.flatMap(({ matches }) => matches.map(({ userId }) => userId)),
  );
  let found: Found[] = searched.map(({ face, shot, matches }) => ({
    face,
    shot,
    candidates: candidatesOf(matches),
  }));
  let verdicts = recognise(found, permissions);

  const news = found.filter((_, at) => verdicts[at]?.kind === 'new');
  if (news.length > 0) {
    // One search and one association each; a budget that covers the search alone enrols no visitor.
    if (await spend(2 * news.length)) {
      found = await withNewcomers({ index, store }, found, news);
      verdicts = recognise(found, permissions);
    } else {
      verdicts = verdicts.map((verdict) =>
        verdict.kind === 'new' ? { kind: 'unknown', reasons: [] } : verdict,
      );
    }
  }
  const improving = verdicts.filter((verdict) => verdict.kind === 'known' && verdict.improves).length;
  const mayImprove = improving === 0 || (await spend(improving));

  return {
    faces: found.map(({ face }, at) => plannedOf(face, at, verdicts[at], picture, mayImprove)),
    pairs: found.flatMap(({ shot, candidates }) =>
      mergeEvidenceOf(shot, candidates, permissions).flatMap(([a, b]) => {
        const merge = mergeOf(a, b);
        return merge === undefined ? [] : [{ from: merge.from.userId, into: merge.into.userId }];
      }),
    ),
  };
}

/** Returns a lookup from matches to candidates, by the rows of all matched users; a user without a row is ignored. */
async function candidateLookup(
  store: FaceStore,
  userIds: readonly string[],
): Promise<(matches: ReadonlyArray<{ userId: string; similarity: number }>) => Candidate[]> {
  const rows = userIds.length === 0 ? [] : await store.users(userIds);
  const targets = rows.flatMap(({ mergedInto }) => mergedInto ?? []);
  if (targets.length > 0) rows.push(...(await store.users(targets)));
  const byId = new Map(rows.map((user) => [user.userId, user]));
  return (matches) => {
    const best = new Map<string, Candidate>();
    for (const { userId, similarity } of matches) {
      const row = byId.get(userId);
      const user = row?.mergedInto === undefined ? row : byId.get(row.mergedInto);
      if (user === undefined || similarity <= (best.get(user.userId)?.similarity ?? -1)) continue;
      best.set(user.userId, { user, similarity });
    }
    return [...best.values()];
  };
}

/**
 * Searches new faces among faces: a visitor enrolled a second ago is not found among users yet, but the face is, and its
 * row names the user. A face similar to a larger one of the same frame is the same person.
 */
async function withNewcomers({ index, store }: PlanPorts, found: Found[], news: Found[]): Promise<Found[]> {
  const places = new Map(found.map(({ face }, at) => [face.faceId, at]));
  const placesOfNews = new Set(news.map(({ face }) => places.get(face.faceId)));
  const searched = await mapConcurrent(news, SEARCHES_AT_ONCE_MAX, async (one) => ({
    one,
    matches: await index.searchFaces(one.face.faceId, VISITOR_MATCH_MIN),
  }));
  const owners = await store.usersOfFaces(
    searched.flatMap(({ matches }) => matches.map(({ faceId }) => faceId)),
  );
  const candidatesOf = await candidateLookup(store, [...owners.values()]);
  const changed = new Map(
    searched.map(({ one, matches }) => {
      const place = places.get(one.face.faceId) ?? 0;
      const candidates = candidatesOf(
        matches.flatMap(({ faceId, similarity }) => {
          const userId = owners.get(faceId);
          return userId === undefined ? [] : [{ userId, similarity }];
        }),
      );
      const isTwin = matches.some(({ faceId }) => {
        const other = places.get(faceId);
        return other !== undefined && other < place && placesOfNews.has(other);
      });
      return [one.face.faceId, { ...one, candidates, isTwin }];
    }),
  );
  return found.map((one) => changed.get(one.face.faceId) ?? one);
}

function plannedOf(
  face: IndexedFace,
  at: number,
  verdict: Verdict | undefined,
  picture: Picture,
  mayImprove: boolean,
): PlannedFace {
  switch (verdict?.kind) {
    case 'known': {
      const { user } = verdict;
      const isTheirs = user.faceIds.includes(face.faceId);
      const act = isTheirs ? 'leave' : verdict.improves && mayImprove ? 'improve' : 'discard';
      const isFirstToday = !user.seenOn.some(
        ({ storeId, day }) => storeId === picture.storeId && day === picture.day,
      );
      const who = { userId: user.userId, userKind: user.kind };
      // Once a day is enough for a retention in days, and spares a write per frame.
      const isSeenAgain = user.kind !== 'visitor' && picture.atMs - user.lastSeenAtMs >= DAY_MS;
      const seen = { ...(isFirstToday ? { isFirstToday } : {}), ...(isSeenAgain ? { isSeenAgain } : {}) };
      return planned(face, { act, outcome: 'known', ...who, ...seen });
    }
    case 'new': {
      const userId = visitorUserId(`${picture.frameId}.${at}`);
      return planned(face, { act: 'enrol', outcome: 'enrolled', userId, userKind: 'visitor' });
    }
    case 'low-quality':
      return planned(face, { act: 'discard', outcome: 'low-quality', reasons: verdict.reasons });
    case 'unknown':
      return planned(face, { act: 'discard', outcome: 'not-retained', reasons: verdict.reasons });
    case undefined:
      return planned(face, { act: 'discard', outcome: 'not-retained' });
  }
}

const planned = ({ faceId, box }: IndexedFace, what: Omit<PlannedFace, 'faceId' | 'box'>): PlannedFace => ({
  faceId,
  box,
  ...what,
});

/** Returns the measurements of a face, its size in pixels of the picture. */
export const shotOf = (
  { box, confidence, sharpness, brightness, yaw, pitch }: MeasuredFace,
  { width, height }: Pick<Picture, 'width' | 'height'>,
): FaceShot => ({
  widthPx: box.width * width,
  heightPx: box.height * height,
  confidence,
  sharpness,
  brightness,
  yaw,
  pitch,
});
