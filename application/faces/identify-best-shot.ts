/**
 * Whose face is on a track's best picture: the largest face of it, looked at under the same claims, budget and law as a
 * camera's frame. A device that tracks by itself so pays for a handful of calls per person instead of per frame.
 */
import { createHash } from 'node:crypto';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import type { Permissions } from '#domain/law/permissions.ts';
import { readJpeg, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';
import { type ProcessPicturePorts, processPicture } from './process-picture.ts';

/** Names a crop for ever: its track, its moment and its bytes. */
export interface BestShot {
  readonly bytes: Uint8Array;
  /** The anonymous visitor that the device made of its track. */
  readonly track: string;
  readonly atMs: number;
}

const FACES_MAX = 1;

/**
 * The visitor that a crop shows; undefined where it is nobody to be known, shows no face, or the day has paid for all
 * the calls it may. Throws where it cannot be looked at now.
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
  const look = await processPicture(
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
    // The track's own sighting is what the log is told.
    async () => true,
  );
  if (look.kind === 'busy') throw new Error('the picture of a track could not be looked at now');
  if (look.kind === 'unreadable') return undefined;
  const userId = look.faces.find((face) => face.userId !== undefined)?.userId;
  return userId === undefined ? undefined : visitorOfUser(userId);
}

const cropIdOf = (storeId: StoreId, { track, atMs, bytes }: BestShot): string =>
  createHash('sha256').update(`${storeId}#${track}#${atMs}#`).update(bytes).digest('base64url');
