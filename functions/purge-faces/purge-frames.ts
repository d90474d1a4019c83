/**
 * A second look at frames that must be over: what a function left that died between two calls is taken back.
 *
 * The collection is listed once for all frames of a batch, and only where one of them was never ended. A face that
 * became a permitted user's stays; every other goes, with the user that was made for it.
 */

import { undoFacePlan } from '#application/faces/apply-face-plan.ts';
import { readPlan } from '#application/faces/face-plan.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { FrameLook } from '#application/ports/frame-store.ts';
import { isConsentValid } from '#domain/people/faces/face-user.ts';

export interface PurgeFramesPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly nowMs: () => number;
}

export interface FrameNotice {
  readonly frame: string;
  readonly attempt: number;
}

export interface PurgedFrames {
  /** Frames that had to be swept. */
  readonly frames: number;
  readonly faces: number;
  /** Whoever has these may be alive: look again. */
  readonly tooEarly: readonly FrameNotice[];
}

export async function purgeFrames(
  ports: PurgeFramesPorts,
  notices: readonly FrameNotice[],
): Promise<PurgedFrames> {
  const { index, store, nowMs } = ports;
  const looks: Array<{ readonly notice: FrameNotice; readonly look: FrameLook }> = [];
  for (const notice of notices) {
    const { frame: frameId, attempt } = notice;
    looks.push({ notice, look: await store.lookAgain({ frameId, attempt }, nowMs()) });
  }
  const tooEarly = looks.flatMap(({ notice, look }) => (look.kind === 'too early' ? [notice] : []));
  const toSweep = looks.filter(({ look }) => look.kind === 'to sweep' || look.kind === 'over after a crash');
  if (toSweep.length === 0) return { frames: 0, faces: 0, tooEarly };

  for (const { look } of toSweep) {
    if (look.kind === 'to sweep' && look.plan !== undefined)
      await undoFacePlan({ index, store }, readPlan(look.plan));
  }
  const faces = await removeStrays(ports, new Set(toSweep.map(({ notice }) => notice.frame)));
  for (const { look } of toSweep) {
    // From here on the frame may be sent again, and is then begun anew.
    if (look.kind === 'to sweep') await store.release(look.ticket, false);
  }
  return { frames: toSweep.length, faces, tooEarly };
}

/** Deletes the faces of these frames that are no permitted user's; how many. */
async function removeStrays(
  { index, store }: PurgeFramesPorts,
  frameIds: ReadonlySet<string>,
): Promise<number> {
  const strays: string[] = [];
  const owned = new Map<string, string[]>();
  for await (const { faceId, pictureId, userId } of index.allFaces()) {
    if (pictureId === undefined || !frameIds.has(pictureId)) continue;
    if (userId === undefined) strays.push(faceId);
    else owned.set(userId, [...(owned.get(userId) ?? []), faceId]);
  }
  const standing = new Set(
    (owned.size === 0 ? [] : await store.users([...owned.keys()]))
      .filter(isConsentValid)
      .map(({ userId }) => userId),
  );
  for (const [userId, faceIds] of owned) {
    if (standing.has(userId)) continue;
    await index.disassociate(userId, faceIds);
    strays.push(...faceIds);
  }
  if (strays.length > 0) await index.deleteFaces(strays);
  return strays.length;
}
