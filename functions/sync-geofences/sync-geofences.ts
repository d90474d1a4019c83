/**
 * Synchronises the collection's geofences with the stores: one for each store that has a location, under the store's id.
 *
 * Both are read completely and only differences are written. So a run without changes writes nothing, the next run completes
 * one that crashed, and a geofence drawn by hand in the console does not last.
 */
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { Geofence, GeofenceCollection, RefusedGeofence } from '#application/ports/geofences.ts';
import type { GeofenceGeometry } from '#domain/chain/geometry.ts';
import type { Store } from '#domain/chain/store.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { isHealthFence } from '#domain/law/health-fence.ts';
import { geofenceOf } from '#domain/place/geo/store-location.ts';

export interface SyncGeofencesPorts {
  readonly chain: Pick<ChainStore, 'stores'>;
  readonly geofences: GeofenceCollection;
  readonly nowMs: () => number;
}

export interface SyncedGeofences {
  readonly put: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Geofences that the service rejected or did not remove. */
  readonly rejected: readonly RefusedGeofence[];
}

/** A centimetre, in degrees and in metres: the service may round a number, and the next run would write it again. */
const DEGREES_APART_MAX = 1e-7;
const METRES_APART_MAX = 0.01;

/** Writes the differences between the stores and the geofences of the collection. */
export async function syncGeofences({
  chain,
  geofences,
  nowMs,
}: SyncGeofencesPorts): Promise<SyncedGeofences> {
  const wanted = new Map(
    (await chain.stores())
      .flatMap((store) => geofencesOf(store, nowMs()))
      .map((fence) => [fence.fenceId, fence]),
  );
  const stale: string[] = [];
  let unchanged = 0;
  for await (const stored of geofences.list()) {
    const fence = wanted.get(stored.fenceId);
    if (fence === undefined) stale.push(stored.fenceId);
    if (fence === undefined || !isSame(stored, fence)) continue;
    wanted.delete(stored.fenceId);
    unchanged++;
  }
  // Removals first: a store's old location must not trigger pushes any more.
  const notRemoved = await geofences.remove(stale);
  const notPut = await putAll(geofences, [...wanted.values()]);
  return {
    put: wanted.size - notPut.length,
    removed: stale.length - notRemoved.length,
    unchanged,
    rejected: [...notRemoved, ...notPut],
  };
}

/**
 * Writes geofences. The service rejects a whole call for one geofence that it cannot parse; then each is written on its own.
 * The valid ones are unchanged in the next run, so this happens once and not every minute.
 */
async function putAll(
  collection: GeofenceCollection,
  wanted: readonly Geofence[],
): Promise<RefusedGeofence[]> {
  try {
    return await collection.put(wanted);
  } catch (error) {
    if (!isInvalidRequest(error)) throw error;
  }
  const rejected: RefusedGeofence[] = [];
  for (const fence of wanted) {
    try {
      rejected.push(...(await collection.put([fence])));
    } catch (error) {
      if (!isInvalidRequest(error)) throw error;
      rejected.push({ fenceId: fence.fenceId, isFinal: true, reason: error.message });
    }
  }
  return rejected;
}

const isInvalidRequest = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ValidationException';

/** Returns the store's geofence, if it has one and the law permits it. Its id alone names the store: a property holds 40 characters, a store's id up to 64. */
function geofencesOf(store: Store, nowMs: number): Geofence[] {
  const geometry = geofenceOf(store);
  if (store.location === undefined || geometry === undefined) return [];
  if (isHealthFence(store, dayAt(nowMs, store))) return [];
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
