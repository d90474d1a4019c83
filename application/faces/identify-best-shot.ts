/**
 * Identifies the largest face on a track's best picture, under the same claims, budget and law as a camera's frame. A
 * device with its own tracking so costs a few calls per person instead of a few per frame.
 */
import { createHash } from 'node:crypto';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import type { Permissions } from '#domain/law/face-permissions.ts';
import { readJpeg, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';
import { examinePicture, finishPicture, type ProcessPicturePorts } from './process-picture.ts';

/** The best picture of a track; track, time and bytes are its permanent identity. */
export interface BestShot {
  readonly bytes: Uint8Array;
  /** The anonymous visitor id that the device gave to the track. */
  readonly track: string;
  readonly atMs: number;
}

const FACES_MAX = 1;

/**
 * Returns the visitor on a best shot; undefined if the face may not be identified, there is no face, or the daily budget
 * is used up.
 *
 * @throws Error if the picture cannot be processed now
 */
export async function identifyBestShot(
  ports: ProcessPicturePorts,
  store: Store,
  permissions: Permissions,
  callsMax: number,
  crop: BestShot,
): Promise<VisitorId | undefined> {
  if (permissions.face === 'off') return undefined;
  const size = readJpeg(crop.bytes);
  if (size.kind !== 'jpeg' || unusableSize(size) !== undefined) return undefined;
  const examined = await examinePicture(
    ports,
    {
      frameId: cropIdOf(store.storeId, crop),
      storeId: store.storeId,
      day: dayAt(crop.atMs, store),
      atMs: crop.atMs,
      bytes: crop.bytes,
      width: size.width,
      height: size.height,
      facesMax: FACES_MAX,
    },
    permissions,
    { day: dayAt(ports.nowMs(), store), callsMax },
  );
  // The log carries the sighting of the track itself, so there is nothing to publish here.
  const outcome = examined.kind === 'examined' ? await finishPicture(ports.store, examined) : examined;
  if (outcome.kind === 'busy') throw new Error('the picture of a track could not be processed now');
  if (outcome.kind === 'unreadable') return undefined;
  const userId = outcome.faces.find((face) => face.userId !== undefined)?.userId;
  return userId === undefined ? undefined : visitorOfUser(userId);
}

const cropIdOf = (storeId: StoreId, { track, atMs, bytes }: BestShot): string =>
  createHash('sha256').update(`${storeId}#${track}#${atMs}#`).update(bytes).digest('base64url');
