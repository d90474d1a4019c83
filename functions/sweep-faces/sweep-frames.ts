/**
 * A second look at frames that must be over: what a function left that died between two calls is taken back.
 *
 * The collection is listed once for all frames of a batch, and only where one of them was never ended. A face that
 * became a permitted user's stays; every other goes, with the user that was made for it.
 */
import type { FaceStore } from '#adapters/dynamodb/face-store.ts';
import type { FrameLook } from '#adapters/dynamodb/frame-store.ts';
import type { FaceIndex } from '#adapters/rekognition/face-index.ts';
import { isStanding } from '#domain/people/user.ts';
import { undo } from '../carry-out-plan.ts';
import { readPlan } from '../face-plan.ts';

export interface SweepPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly nowMs: () => number;
}

export interface LookNotice {
  readonly frame: string;
  readonly attempt: number;
}

export interface Swept {
  /** Frames that had to be swept. */
  readonly frames: number;
  readonly faces: number;
  /** Whoever has these may be alive: look again. */
  readonly tooEarly: readonly LookNotice[];
}

export async function sweepFrames(ports: SweepPorts, notices: readonly LookNotice[]): Promise<Swept> {
  const { index, store, nowMs } = ports;
  const looks: Array<{ readonly notice: LookNotice; readonly look: FrameLook }> = [];
  for (const notice of notices) {
    const { frame: frameId, attempt } = notice;
    looks.push({ notice, look: await store.lookAgain({ frameId, attempt }, nowMs()) });
  }
  const tooEarly = looks.flatMap(({ notice, look }) => (look.kind === 'too early' ? [notice] : []));
  const toSweep = looks.filter(({ look }) => look.kind === 'to sweep' || look.kind === 'over after a crash');
  if (toSweep.length === 0) return { frames: 0, faces: 0, tooEarly };

  for (const { look } of toSweep) {
    if (look.kind === 'to sweep' && look.plan !== undefined)
      await undo({ index, store }, readPlan(look.plan));
  }
  const faces = await removeStrays(ports, new Set(toSweep.map(({ notice }) => notice.frame)));
  for (const { look } of toSweep) {
    // From here on the frame may be sent again, and is then begun anew.
    if (look.kind === 'to sweep') await store.release(look.ticket, false);
  }
  return { frames: toSweep.length, faces, tooEarly };
}

/** Deletes the faces of these frames that are no permitted user's; how many. */
async function removeStrays({ index, store }: SweepPorts, frameIds: ReadonlySet<string>): Promise<number> {
  const strays: string[] = [];
  const owned = new Map<string, string[]>();
  for await (const { faceId, pictureId, userId } of index.allFaces()) {
    if (pictureId === undefined || !frameIds.has(pictureId)) continue;
    if (userId === undefined) strays.push(faceId);
    else owned.set(userId, [...(owned.get(userId) ?? []), faceId]);
  }
  const standing = new Set(
    (owned.size === 0 ? [] : await store.users([...owned.keys()]))
      .filter(isStanding)
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
