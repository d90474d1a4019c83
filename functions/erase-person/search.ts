/**
 * Verifies an erasure by a full scan of every table and service for every identifier. It shares nothing with the deletion by
 * keys, so it finds what that has missed.
 *
 * The scan also deletes: rows with a known policy are removed, then the table is scanned again, because only a complete scan
 * without a hit proves the erasure. What is left after that is reported by place and kind, and the erasure is incomplete.
 */
import type { DeviceTracker } from '#application/ports/device-tracker.ts';
import type { CollectionSearch, FaceIndex } from '#application/ports/face-index.ts';
import type { IsEndpointKnown, PhonePush } from '#application/ports/phone-push.ts';
import type { RowWriter } from '#application/ports/row-writer.ts';
import type { RowFinder, TableParts, TableSearch } from '#application/ports/table-scan.ts';
import type { SearchProgress } from '#contracts/http/erasures.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { SearchedPlace } from '#domain/people/erasure/erasure.ts';
import { actionFor, type ErasureContext, TABLES, type TableName } from '#domain/people/erasure/row-policy.ts';
import type { FindTraces } from '#domain/people/erasure/trace-finder.ts';

export interface SearchPorts {
  readonly searchTable: (table: TableName, parts: TableParts, finder: RowFinder) => Promise<TableSearch>;
  /** The number of segments of a table's scan; the unit in which a search is continued. */
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
  /** Time ran out. */
  | { readonly kind: 'partial'; readonly progress: SearchProgress[] };

/** Rows removed by one scan are gone in the next; rows that a fourth scan still finds are created again and again. */
const SWEEPS_MAX = 4;
const PARTS_AT_ONCE = 8;

/** The tracker retains 30 days, and a clock that runs ahead writes a position of tomorrow. */
const TRACKED_DAYS = 31;

/**
 * Searches every table and service for a person's identifiers, and deletes what has a known policy.
 *
 * @param before the progress of an earlier invocation that ran out of time
 */
export async function searchEverywhere(
  ports: SearchPorts,
  context: ErasureContext,
  before: readonly SearchProgress[],
): Promise<SearchOutcome> {
  const progress = new Map(before.map((one) => [one.place, one]));
  for (const table of TABLES) {
    const place = `table ${table}`;
    const at = await scanTable(ports, context, table, progress.get(place) ?? notStarted(place));
    progress.set(place, at);
    if (at.parts < ports.partsOf(table)) return { kind: 'partial', progress: [...progress.values()] };
  }
  const { identifiers } = context;
  return {
    kind: 'searched',
    places: [
      ...[...progress.values()].map(placeOf),
      ...(await searchFaces(ports, context)),
      await searchEach('tracker', identifiers.device, ports, isTracked, (id) => ports.tracker.forget([id])),
      await searchEach('push service', identifiers.endpoint, ports, ports.isEndpointKnown, ports.push.forget),
    ],
  };
}

const notStarted = (place: string): SearchProgress => ({
  place,
  parts: 0,
  scanned: 0,
  left: 0,
  removed: 0,
  sweeps: 0,
  removedBefore: 0,
  kinds: [],
});

const placeOf = ({ place, scanned, left, removedBefore, kinds }: SearchProgress): SearchedPlace => ({
  place,
  scanned,
  found: left,
  removedBefore,
  kinds,
});

/** Scans a table until a complete scan removes nothing, or time runs out. */
async function scanTable(
  ports: SearchPorts,
  context: ErasureContext,
  table: TableName,
  start: SearchProgress,
): Promise<SearchProgress> {
  const of = ports.partsOf(table);
  const finder: RowFinder = {
    tracesIn: context.findTraces,
    found: (row) => ports.rows.apply(table, row, actionFor(table, row, context)),
  };
  let at = start;
  for (;;) {
    while (at.parts < of) {
      if (!ports.isTimeLeft()) return at;
      const count = Math.min(PARTS_AT_ONCE, of - at.parts);
      const search = await ports.searchTable(table, { first: at.parts, count, of }, finder);
      at = {
        ...at,
        parts: at.parts + count,
        scanned: at.scanned + search.rowsLookedAt,
        left: at.left + search.left,
        removed: at.removed + search.removed,
        kinds: [...new Set([...at.kinds, ...search.kinds])].sort(),
      };
    }
    if (at.removed === 0) return at;
    if (at.sweeps + 1 >= SWEEPS_MAX) return { ...at, left: at.left + at.removed, removed: 0 };
    at = { ...notStarted(at.place), sweeps: at.sweeps + 1, removedBefore: at.removedBefore + at.removed };
  }
}

/** Searches the users and faces of the collection. */
async function searchFaces(ports: SearchPorts, { findTraces }: ErasureContext): Promise<SearchedPlace[]> {
  let [usersRemoved, facesRemoved] = [0, 0];
  for (let sweep = 1; ; sweep++) {
    const { usersLookedAt, facesLookedAt, userIds, faces } = await ports.searchCollection(findTraces);
    if ((userIds.length === 0 && faces.length === 0) || sweep === SWEEPS_MAX) {
      const place = (name: string, scanned: number, found: number, removedBefore: number): SearchedPlace => ({
        place: `${name} of the collection`,
        scanned,
        found,
        removedBefore,
        kinds: [],
      });
      return [
        place('users', usersLookedAt, userIds.length, usersRemoved),
        place('faces', facesLookedAt, faces.length, facesRemoved),
      ];
    }
    for (const { faceId, userId } of faces)
      if (userId !== undefined) await ports.index.disassociate(userId, [faceId]);
    for (const userId of userIds) await ports.index.deleteUser(userId);
    if (faces.length > 0) await ports.index.deleteFaces(faces.map(({ faceId }) => faceId));
    usersRemoved += userIds.length;
    facesRemoved += faces.length;
  }
}

/** Searches a service that can only be queried by name. */
async function searchEach(
  place: string,
  names: readonly string[],
  ports: SearchPorts,
  exists: (name: string, ports: SearchPorts) => Promise<boolean>,
  remove: (name: string) => Promise<void>,
): Promise<SearchedPlace> {
  let [found, removedBefore] = [0, 0];
  for (const name of names) {
    if (!(await exists(name, ports))) continue;
    await remove(name);
    if (await exists(name, ports)) found++;
    else removedBefore++;
  }
  return { place, scanned: names.length, found, removedBefore, kinds: [] };
}

async function isTracked(deviceId: string, { tracker, nowMs }: SearchPorts): Promise<boolean> {
  if ((await tracker.latest(deviceId)) !== undefined) return true;
  const now = nowMs();
  return (await tracker.history(deviceId, now - TRACKED_DAYS * DAY_MS, now + DAY_MS)).length > 0;
}
