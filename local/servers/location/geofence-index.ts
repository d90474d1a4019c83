/**
 * A spatial index of geofences that supports insertion and deletion.
 *
 * It is a hierarchical grid. Each level divides the map into square cells of half the width of the level
 * before. A geofence is stored on the finest level whose cells are wider than its bounding box, so in at most
 * four cells; a point lies in one cell of each level. A put or a drop touches the geofence's own cells only.
 * A packed R-tree (flatbush) searches about as fast but is immutable: every put would rebuild it.
 */

import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { type Bounds, boundsOf, geofenceContains } from '#domain/place/geo/geofence.ts';

export interface GeofenceIndex {
  /** Adds a geofence, or replaces the one with this id. */
  put(id: number, geometry: GeofenceGeometry): void;
  drop(id: number): void;
  /** Returns the ids of the geofences that contain a point, in no particular order. */
  at(point: LngLat): number[];
  count(): number;
}

interface Indexed {
  readonly id: number;
  readonly geometry: GeofenceGeometry;
  readonly bounds: Bounds;
  readonly level: number;
}

/** One cell. The bounding boxes are in one flat array, which a search reads sequentially. */
interface Cell {
  readonly fences: Indexed[];
  /** West, south, east and north of each geofence, in degrees. */
  readonly boxes: number[];
}

interface Level {
  readonly cells: Map<number, Cell>;
  fences: number;
}

const BOX_LENGTH = 4;
const NOWHERE = Number.NaN;

/** Cells of about ten metres; few geofences are narrower. */
const LEVEL_MAX = 22;

const columnsOf = (level: number): number => 2 ** level;

/** Returns an empty index: a list of short methods. */
export function createGeofenceIndex(): GeofenceIndex {
  const byId = new Map<number, Indexed>();
  const levels = Array.from({ length: LEVEL_MAX + 1 }, (): Level => ({ cells: new Map(), fences: 0 }));
  /** The levels that have geofences; a search visits no others. */
  let used: { readonly columns: number; readonly cells: Level['cells'] }[] = [];

  const countOn = (index: number, change: 1 | -1): void => {
    const level = levels[index];
    if (level === undefined) return;
    level.fences += change;
    if (level.fences > 1 || (level.fences === 1 && change === -1)) return;
    used = levels.flatMap(({ cells, fences }, at) => (fences > 0 ? [{ columns: columnsOf(at), cells }] : []));
  };

  const index: GeofenceIndex = {
    put(id, geometry) {
      index.drop(id);
      const bounds = boundsOf(geometry);
      const level = levelOf(bounds);
      const indexed = { id, geometry, bounds, level };
      byId.set(id, indexed);
      const { west, south, east, north } = bounds;
      const cells = levels[level]?.cells;
      for (const key of keysOf(indexed)) {
        const cell = cells?.get(key) ?? { fences: [], boxes: [] };
        cell.fences.push(indexed);
        cell.boxes.push(west, south, east, north);
        cells?.set(key, cell);
      }
      countOn(level, 1);
    },

    drop(id) {
      const indexed = byId.get(id);
      if (indexed === undefined) return;
      byId.delete(id);
      const cells = levels[indexed.level]?.cells;
      for (const key of keysOf(indexed)) {
        const cell = cells?.get(key);
        if (cell === undefined) continue;
        const at = cell.fences.indexOf(indexed);
        cell.fences.splice(at, 1);
        cell.boxes.splice(at * BOX_LENGTH, BOX_LENGTH);
        if (cell.fences.length === 0) cells?.delete(key);
      }
      countOn(indexed.level, -1);
    },

    at(point) {
      const { lng, lat } = point;
      const ids: number[] = [];
      for (const { columns, cells } of used) {
        const cell = cells.get(rowOf(lat, columns) * columns + columnOf(lng, columns));
        if (cell === undefined) continue;
        const { fences, boxes } = cell;
        for (let at = 0, box = 0; at < fences.length; at++, box += BOX_LENGTH) {
          const fence = fences[at];
          if (
            fence !== undefined &&
            isInBox(boxes, box, lng, lat) &&
            geofenceContains(fence.geometry, point)
          ) {
            ids.push(fence.id);
          }
        }
      }
      return ids;
    },

    count: () => byId.size,
  };
  return index;
}

/** Returns whether a point is in the box that starts at an index; false beyond the end of the array. */
function isInBox(boxes: readonly number[], at: number, lng: number, lat: number): boolean {
  return (
    lng >= (boxes[at] ?? NOWHERE) &&
    lat >= (boxes[at + 1] ?? NOWHERE) &&
    lng <= (boxes[at + 2] ?? NOWHERE) &&
    lat <= (boxes[at + 3] ?? NOWHERE)
  );
}

/** Returns the finest level on which the box is neither wider nor higher than a cell. */
function levelOf({ west, south, east, north }: Bounds): number {
  const span = Math.max(east - west, north - south);
  return Math.min(LEVEL_MAX, Math.max(0, Math.floor(Math.log2(360 / span))));
}

/** Returns the column of a longitude. A level has half as many rows as columns. */
function columnOf(lng: number, columns: number): number {
  return Math.min(columns - 1, Math.floor(((lng + 180) / 360) * columns));
}

function rowOf(lat: number, columns: number): number {
  return Math.floor(((lat + 90) / 360) * columns);
}

/** Returns the keys of the cells that the box overlaps. */
function keysOf({ bounds: { west, south, east, north }, level }: Indexed): number[] {
  const columns = columnsOf(level);
  const keys: number[] = [];
  for (let row = rowOf(south, columns); row <= rowOf(north, columns); row++) {
    for (let column = columnOf(west, columns); column <= columnOf(east, columns); column++) {
      keys.push(row * columns + column);
    }
  }
  return keys;
}
