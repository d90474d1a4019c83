/**
 * The attack: everything there is, looked through from end to end for everything that was known. It knows nothing of how
 * things were deleted, so what was forgotten there is found here.
 *
 * It has hands. What it finds is removed where it is said how, and then the place is looked through once more: only what a
 * whole search does not find is gone. What is still there after that is told by its place and kind, and nobody is told that
 * they were forgotten.
 */

import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { CollectionSearch, FaceIndex } from '#application/ports/face-index.ts';
import type { IsEndpointKnown, PhonePush } from '#application/ports/phone-push.ts';
import type { RowWriter } from '#application/ports/row-writer.ts';
import type { RowFinder, TableParts, TableSearch } from '#application/ports/table-scan.ts';
import type { SearchProgress } from '#contracts/http/erasures.ts';
import type { SearchedPlace } from '#domain/people/erasure/erasure.ts';
import { actionFor, type ErasureContext, TABLES, type TableName } from '#domain/people/erasure/row-policy.ts';
import type { FindTraces } from '#domain/people/erasure/trace-finder.ts';

export interface SearchPorts {
  readonly searchTable: (table: TableName, parts: TableParts, finder: RowFinder) => Promise<TableSearch>;
  /** Into how many parts a table is cut; what there is no time for is left in parts. */
  readonly partsOf: (table: TableName) => number;
  readonly searchCollection: (tracesIn: FindTraces) => Promise<CollectionSearch>;
  readonly rows: Pick<RowWriter, 'apply'>;
  readonly index: Pick<FaceIndex, 'deleteUser' | 'disassociate' | 'deleteFaces'>;
  readonly tracker: Pick<DeviceTracker, 'forget' | 'latest' | 'history'>;
  readonly push: Pick<PhonePush, 'forget'>;
  readonly isEndpointKnown: IsEndpointKnown;
  readonly nowMs: () => number;
  readonly isTimeLeft: () => boolean;
}

export type SearchOutcome =
  | { readonly kind: 'searched'; readonly places: readonly SearchedPlace[] }
  /** There was no time for the rest. */
  | { readonly kind: 'begun'; readonly progress: SearchProgress[] };

/** What is removed by one search is not there in the next; what is there in the fourth comes back. */
const SWEEPS_MAX = 4;
const PARTS_AT_ONCE = 8;

const DAY_MS = 86_400_000;
/** The tracker keeps thirty days. A clock that runs ahead makes a position of tomorrow. */
const TRACKED_DAYS = 31;

export async function searchEverywhere(
  ports: SearchPorts,
  forgetting: ErasureContext,
  before: readonly SearchProgress[],
): Promise<SearchOutcome> {
  const progress = new Map(before.map((one) => [one.place, one]));
  for (const table of TABLES) {
    const place = `table ${table}`;
    const at = await searchOne(ports, forgetting, table, progress.get(place) ?? notBegun(place));
    progress.set(place, at);
    if (at.parts < ports.partsOf(table)) return { kind: 'begun', progress: [...progress.values()] };
  }
  const { identifiers } = forgetting;
  return {
    kind: 'searched',
    places: [
      ...[...progress.values()].map(placeOf),
      ...(await searchFaces(ports, forgetting)),
      await searchEach('tracker', identifiers.device, ports, isTracked, (id) => ports.tracker.forget([id])),
      await searchEach('push service', identifiers.endpoint, ports, ports.isEndpointKnown, ports.push.forget),
    ],
  };
}

const notBegun = (place: string): SearchProgress => ({
  place,
  parts: 0,
  lookedAt: 0,
  left: 0,
  removed: 0,
  sweeps: 0,
  sweptUp: 0,
  kinds: [],
});

const placeOf = ({ place, lookedAt, left, sweptUp, kinds }: SearchProgress): SearchedPlace => ({
  place,
  lookedAt,
  found: left,
  sweptUp,
  kinds,
});

/** Searches a table until a search of all of it removes nothing, or there is no time. */
async function searchOne(
  ports: SearchPorts,
  forgetting: ErasureContext,
  table: TableName,
  begun: SearchProgress,
): Promise<SearchProgress> {
  const of = ports.partsOf(table);
  const finder: RowFinder = {
    tracesIn: forgetting.findTraces,
    found: (row) => ports.rows.apply(table, row, actionFor(table, row, forgetting)),
  };
  let at = begun;
  for (;;) {
    while (at.parts < of) {
      if (!ports.isTimeLeft()) return at;
      const count = Math.min(PARTS_AT_ONCE, of - at.parts);
      const search = await ports.searchTable(table, { first: at.parts, count, of }, finder);
      at = {
        ...at,
        parts: at.parts + count,
        lookedAt: at.lookedAt + search.rowsLookedAt,
        left: at.left + search.left,
        removed: at.removed + search.removed,
        kinds: [...new Set([...at.kinds, ...search.kinds])].sort(),
      };
    }
    if (at.removed === 0) return at;
    if (at.sweeps + 1 >= SWEEPS_MAX) return { ...at, left: at.left + at.removed, removed: 0 };
    at = { ...notBegun(at.place), sweeps: at.sweeps + 1, sweptUp: at.sweptUp + at.removed };
  }
}

/** Users and faces of the collection. */
async function searchFaces(ports: SearchPorts, { findTraces }: ErasureContext): Promise<SearchedPlace[]> {
  let [usersSwept, facesSwept] = [0, 0];
  for (let sweep = 1; ; sweep++) {
    const { usersLookedAt, facesLookedAt, userIds, faces } = await ports.searchCollection(findTraces);
    if ((userIds.length === 0 && faces.length === 0) || sweep === SWEEPS_MAX) {
      const place = (name: string, lookedAt: number, found: number, sweptUp: number): SearchedPlace => ({
        place: `${name} of the collection`,
        lookedAt,
        found,
        sweptUp,
        kinds: [],
      });
      return [
        place('users', usersLookedAt, userIds.length, usersSwept),
        place('faces', facesLookedAt, faces.length, facesSwept),
      ];
    }
    for (const { faceId, userId } of faces)
      if (userId !== undefined) await ports.index.disassociate(userId, [faceId]);
    for (const userId of userIds) await ports.index.deleteUser(userId);
    if (faces.length > 0) await ports.index.deleteFaces(faces.map(({ faceId }) => faceId));
    usersSwept += userIds.length;
    facesSwept += faces.length;
  }
}

/** What can only be asked for by its name. */
async function searchEach(
  place: string,
  names: readonly string[],
  ports: SearchPorts,
  isThere: (name: string, ports: SearchPorts) => Promise<boolean>,
  forget: (name: string) => Promise<void>,
): Promise<SearchedPlace> {
  let [found, sweptUp] = [0, 0];
  for (const name of names) {
    if (!(await isThere(name, ports))) continue;
    await forget(name);
    if (await isThere(name, ports)) found++;
    else sweptUp++;
  }
  return { place, lookedAt: names.length, found, sweptUp, kinds: [] };
}

async function isTracked(deviceId: string, { tracker, nowMs }: SearchPorts): Promise<boolean> {
  if ((await tracker.latest(deviceId)) !== undefined) return true;
  const now = nowMs();
  return (await tracker.history(deviceId, now - TRACKED_DAYS * DAY_MS, now + DAY_MS)).length > 0;
}
