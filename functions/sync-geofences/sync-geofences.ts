/**
 * Makes the fences of the collection follow the stores: one for each store whose ground is known, under the store's own id.
 *
 * Both are read whole and only what differs is written. So a run that finds nothing to do writes nothing, what a run that died
 * half-way left undone is done by the next, and a fence that somebody drew by hand in the console does not last.
 */
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { Geofence, GeofenceCollection, RefusedGeofence } from '#application/ports/geofences.ts';
import type { GeofenceGeometry } from '#domain/chain/geometry.ts';
import type { Store } from '#domain/chain/store.ts';
import { geofenceOf } from '#domain/place/geo/store-location.ts';

export interface SyncGeofencesPorts {
  readonly chain: Pick<ChainStore, 'stores'>;
  readonly fences: GeofenceCollection;
}

export interface SyncedGeofences {
  readonly put: number;
  readonly removed: number;
  readonly unchanged: number;
  /** The fences that the collection would not have put, or not have removed. */
  readonly refused: readonly RefusedGeofence[];
}

/** A centimetre, in degrees and in metres: the service may hand a number back otherwise than it took it, and the next run would write it again. */
const DEGREES_APART_MAX = 1e-7;
const METRES_APART_MAX = 0.01;

export async function syncGeofences({ chain, fences }: SyncGeofencesPorts): Promise<SyncedGeofences> {
  const wanted = new Map(
    (await chain.stores()).flatMap((store) => wantedOf(store)).map((fence) => [fence.fenceId, fence]),
  );
  const stale: string[] = [];
  let unchanged = 0;
  for await (const kept of fences.list()) {
    const fence = wanted.get(kept.fenceId);
    if (fence === undefined) stale.push(kept.fenceId);
    if (fence === undefined || !isSame(kept, fence)) continue;
    wanted.delete(kept.fenceId);
    unchanged++;
  }
  // First what must go: nobody is to be greeted any more on ground that is not the store's.
  const notRemoved = await fences.remove(stale);
  const notPut = await putAll(fences, [...wanted.values()]);
  return {
    put: wanted.size - notPut.length,
    removed: stale.length - notRemoved.length,
    unchanged,
    refused: [...notRemoved, ...notPut],
  };
}

/**
 * A call with a fence in it that the service cannot even read is refused whole, the sound fences with it. Then each is put on
 * its own; those that are put are unchanged by the next run, so that is done once and not every minute.
 */
async function putAll(fences: GeofenceCollection, wanted: readonly Geofence[]): Promise<RefusedGeofence[]> {
  try {
    return await fences.put(wanted);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const refused: RefusedGeofence[] = [];
  for (const fence of wanted) {
    try {
      refused.push(...(await fences.put([fence])));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      refused.push({ fenceId: fence.fenceId, isFinal: true, reason: error.message });
    }
  }
  return refused;
}

const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ValidationException';

/** The store is told by the fence's id alone: a property may be 40 characters long, and the id of a store is up to 64. */
function wantedOf(store: Store): Geofence[] {
  const geometry = geofenceOf(store);
  if (store.location === undefined || geometry === undefined) return [];
  return [{ fenceId: store.storeId, geometry, properties: { datum: store.location.givenAs } }];
}

function isSame(one: Geofence, other: Geofence): boolean {
  const names = Object.keys(one.properties);
  return (
    names.length === Object.keys(other.properties).length &&
    names.every((name) => one.properties[name] === other.properties[name]) &&
    isSameGeometry(one.geometry, other.geometry)
  );
}

function isSameGeometry(one: GeofenceGeometry, other: GeofenceGeometry): boolean {
  if (one.kind === 'circle' && other.kind === 'circle') {
    return (
      isNear(one.centre.lng, other.centre.lng) &&
      isNear(one.centre.lat, other.centre.lat) &&
      Math.abs(one.radiusM - other.radiusM) <= METRES_APART_MAX
    );
  }
  if (one.kind !== 'polygon' || other.kind !== 'polygon') return false;
  return isSameList(one.rings, other.rings, (ring, otherRing) =>
    isSameList(
      ring,
      otherRing,
      (corner, otherCorner) => isNear(corner[0], otherCorner[0]) && isNear(corner[1], otherCorner[1]),
    ),
  );
}

const isSameList = <One>(
  one: readonly One[],
  other: readonly One[],
  isSameOne: (a: One, b: One) => boolean,
): boolean =>
  one.length === other.length &&
  one.every((each, index) => {
    const opposite = other[index];
    return opposite !== undefined && isSameOne(each, opposite);
  });

const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= DEGREES_APART_MAX;
