/**
 * Which fences a point lies in, of many that come and go.
 *
 * A hash of cells on several levels. On each level the map is cut into squares of half the width of those on the level before; a
 * fence lies on the level whose squares are just wider than its box, and so in four of them at most. A point lies in one square of
 * each level that has fences. Putting and dropping a fence touch its own squares only: flatbush, which packs boxes closest and
 * searches fastest of what there is, is built once and never changed, and each fence that is put would cost building all of it
 * again.
 */
import { type Bounds, boundsOf, contains, type FenceGeometry, type LngLat } from '#domain/place/fence.ts';

export interface FenceIndex {
  /** Takes the place of the fence of this id, if there is one. */
  put(id: number, geometry: FenceGeometry): void;
  drop(id: number): void;
  /** The ids of the fences that hold a point, in no order. */
  at(point: LngLat): number[];
  count(): number;
}

interface Indexed {
  readonly id: number;
  readonly geometry: FenceGeometry;
  readonly bounds: Bounds;
  readonly level: number;
}

/** One square. The boxes of its fences lie one behind the other, so that looking through them does not lead all over the memory. */
interface Cell {
  readonly fences: Indexed[];
  /** West, south, east, north of each. */
  readonly boxes: number[];
}

interface Level {
  readonly cells: Map<number, Cell>;
  fences: number;
}

const BOX_LENGTH = 4;
const NOWHERE = Number.NaN;

/** Squares of some ten metres: no fence is much narrower. */
const LEVEL_MAX = 22;

const columnsOf = (level: number): number => 2 ** level;

export function createFenceIndex(): FenceIndex {
  const byId = new Map<number, Indexed>();
  const levels = Array.from({ length: LEVEL_MAX + 1 }, (): Level => ({ cells: new Map(), fences: 0 }));
  /** Those levels that have fences, which is all that a search looks at. */
  let used: { readonly columns: number; readonly cells: Level['cells'] }[] = [];

  const countOn = (level: number, change: 1 | -1): void => {
    const one = levels[level];
    if (one === undefined) return;
    one.fences += change;
    if (one.fences > 1 || (one.fences === 1 && change === -1)) return;
    used = levels.flatMap(({ cells, fences }, at) => (fences > 0 ? [{ columns: columnsOf(at), cells }] : []));
  };

  const index: FenceIndex = {
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
          if (fence !== undefined && isInBox(boxes, box, lng, lat) && contains(fence.geometry, point)) {
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

/** Beyond the end of the boxes there is no box, and no point in it. */
function isInBox(boxes: readonly number[], at: number, lng: number, lat: number): boolean {
  return (
    lng >= (boxes[at] ?? NOWHERE) &&
    lat >= (boxes[at + 1] ?? NOWHERE) &&
    lng <= (boxes[at + 2] ?? NOWHERE) &&
    lat <= (boxes[at + 3] ?? NOWHERE)
  );
}

/** The finest level on which the box is no wider and no higher than a square. */
function levelOf({ west, south, east, north }: Bounds): number {
  const span = Math.max(east - west, north - south);
  return Math.min(LEVEL_MAX, Math.max(0, Math.floor(Math.log2(360 / span))));
}

/** As many columns go around the earth as there are; of rows there are half as many from pole to pole. */
function columnOf(lng: number, columns: number): number {
  return Math.min(columns - 1, Math.floor(((lng + 180) / 360) * columns));
}

function rowOf(lat: number, columns: number): number {
  return Math.floor(((lat + 90) / 360) * columns);
}

/** The squares that a box reaches into. */
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
