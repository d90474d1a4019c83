/**
 * Purges what a crashed function left of a frame. A notice is delivered once the frame must have ended.
 *
 * The collection is listed once for all frames of a batch, and only where one of them has not ended. A face that belongs to
 * a permitted user stays; every other is deleted, with the user that was created for it.
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
  /** Frames that a crash left behind. */
  readonly frames: number;
  readonly faces: number;
  /** Frames that may still be in progress; check them again later. */
  readonly tooEarly: readonly FrameNotice[];
}

/** Checks frames and undoes those that a crash left behind. */
export async function purgeFrames(
  ports: PurgeFramesPorts,
  notices: readonly FrameNotice[],
): Promise<PurgedFrames> {
  const { index, store, nowMs } = ports;
  const checks: Array<{ readonly notice: FrameNotice; readonly look: FrameLook }> = [];
  for (const notice of notices) {
    const { frame: frameId, attempt } = notice;
    checks.push({ notice, look: await store.lookAgain({ frameId, attempt }, nowMs()) });
  }
  const tooEarly = checks.flatMap(({ notice, look }) => (look.kind === 'too early' ? [notice] : []));
  const toPurge = checks.filter(({ look }) => look.kind === 'to sweep' || look.kind === 'over after a crash');
  if (toPurge.length === 0) return { frames: 0, faces: 0, tooEarly };

  for (const { look } of toPurge) {
    if (look.kind === 'to sweep' && look.plan !== undefined)
      await undoFacePlan({ index, store }, readPlan(look.plan));
  }
  const faces = await removeOrphans(ports, new Set(toPurge.map(({ notice }) => notice.frame)));
  for (const { look } of toPurge) {
    // From here on the frame may be sent again, and is then processed from the start.
    if (look.kind === 'to sweep') await store.release(look.ticket, false);
  }
  return { frames: toPurge.length, faces, tooEarly };
}

/** Deletes the faces of these frames that belong to no permitted user; returns how many. */
async function removeOrphans(
  { index, store }: PurgeFramesPorts,
  frameIds: ReadonlySet<string>,
): Promise<number> {
  const orphans: string[] = [];
  const owned = new Map<string, string[]>();
  for await (const { faceId, pictureId, userId } of index.allFaces()) {
    if (pictureId === undefined || !frameIds.has(pictureId)) continue;
    if (userId === undefined) orphans.push(faceId);
    else owned.set(userId, [...(owned.get(userId) ?? []), faceId]);
  }
  const permitted = new Set(
    (owned.size === 0 ? [] : await store.users([...owned.keys()]))
      .filter(isConsentValid)
      .map(({ userId }) => userId),
  );
  for (const [userId, faceIds] of owned) {
    if (permitted.has(userId)) continue;
    await index.disassociate(userId, faceIds);
    orphans.push(...faceIds);
  }
  if (orphans.length > 0) await index.deleteFaces(orphans);
  return orphans.length;
}
