/** A cell store in memory, with the guard of the real table. */

import { OTHER_REPORTERS, REPORTERS_MAX } from '#adapters/dynamodb/cell-store.ts';
import type { AddOutcome, CellStore } from '#application/ports/cell-store.ts';
import { defined } from '#application/support/defined.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { addCounts, type Cell, type CellKey } from '#domain/place/figures/cell.ts';
import { type CellChange, cellName } from '#domain/place/figures/fold.ts';

/** `unguarded` adds every change: the known-bad recipe. */
export interface MemoryCellStore extends CellStore {
  readonly rows: ReadonlyMap<string, Cell & { readonly sequence: string }>;
  addUnguarded(key: CellKey, change: CellChange): void;
}

/** Keeps as many names as the real table does. */
function bound(names: Set<string>): void {
  if (names.size <= REPORTERS_MAX) return;
  const kept = [...names].filter((name) => name !== OTHER_REPORTERS).slice(0, REPORTERS_MAX - 1);
  names.clear();
  for (const name of [...kept, OTHER_REPORTERS]) names.add(name);
}

export function memoryCellStore(): MemoryCellStore {
  const rows = new Map<string, Cell & { sequence: string }>();
  const write = (key: CellKey, change: CellChange, isAddition: boolean): void => {
    const name = cellName(key);
    const kept = rows.get(name);
    const reporters = new Set([...(kept?.reporters ?? []), ...(change.reporters ?? [])]);
    const sensors = new Set([...(kept?.sensors ?? []), ...(change.sensors ?? [])]);
    const emptySensors = new Set([...(kept?.emptySensors ?? []), ...(change.emptySensors ?? [])]);
    const soldHours = new Set([...(kept?.soldHours ?? []), ...(change.soldHours ?? [])]);
    const seenHours = new Set([...(kept?.seenHours ?? []), ...(change.seenHours ?? [])]);
    for (const names of [reporters, sensors]) bound(names);
    const label = change.label ?? kept?.label;
    rows.set(name, {
      key,
      counts: isAddition ? addCounts(kept?.counts ?? {}, change.counts) : change.counts,
      asOfMs: change.asOfMs,
      sequence: change.lastSequence,
      ...(reporters.size > 0 ? { reporters } : {}),
      ...(sensors.size > 0 ? { sensors } : {}),
      ...(emptySensors.size > 0 ? { emptySensors } : {}),
      ...(soldHours.size > 0 ? { soldHours } : {}),
      ...(seenHours.size > 0 ? { seenHours } : {}),
      ...defined({ label }),
    });
  };
  const guarded = async (key: CellKey, change: CellChange, isAddition: boolean): Promise<AddOutcome> => {
    const kept = rows.get(cellName(key));
    if (kept !== undefined && kept.sequence >= change.firstSequence)
      return { kind: 'ahead', sequence: kept.sequence };
    write(key, change, isAddition);
    return { kind: 'added' };
  };
  const ofStore = (storeId: StoreId): Cell[] =>
    [...rows.values()].filter(({ key }) => key.scope.kind === 'store' && key.scope.id === storeId);
  return {
    rows,
    addUnguarded: (key, change) => write(key, change, true),
    add: (key, change) => guarded(key, change, true),
    overwrite: (key, change) => guarded(key, change, false),
    async range(storeId, grain, from, to) {
      return ofStore(storeId)
        .filter(
          ({ key }) => key.dimension === 'all' && key.grain === grain && key.day >= from && key.day <= to,
        )
        .sort((a, b) =>
          a.key.day === b.key.day
            ? (a.key.startMs ?? 0) - (b.key.startMs ?? 0)
            : a.key.day < b.key.day
              ? -1
              : 1,
        );
    },
    async ofStores(storeIds, bucket) {
      const found = new Map<StoreId, Cell>();
      for (const id of storeIds) {
        const cell = rows.get(cellName({ scope: { kind: 'store', id }, dimension: 'all', ...bucket }));
        if (cell !== undefined) found.set(id, cell);
      }
      return found;
    },
    async products(storeId, day) {
      const cells = ofStore(storeId).filter(({ key }) => key.dimension === 'product' && key.day === day);
      return {
        products: cells
          .map(({ key, counts, label }) => ({
            productId: key.member ?? '',
            counts,
            ...defined({ name: label }),
          }))
          .sort((a, b) => (a.productId < b.productId ? -1 : 1)),
        asOfMs: cells.reduce((newest, cell) => Math.max(newest, cell.asOfMs), 0),
      };
    },
    async zones(storeId, from, to) {
      const nameOf = ({ key }: Cell): string => `${key.day}#${key.member}`;
      return ofStore(storeId)
        .filter(({ key }) => key.dimension === 'zone' && key.day >= from && key.day <= to)
        .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    },
    async bucketsOf(storeId, day) {
      return ofStore(storeId)
        .filter(({ key }) => key.dimension === 'all' && key.day === day)
        .map(({ key }) => ({
          day: key.day,
          grain: key.grain,
          ...defined({ startMs: key.startMs }),
        }));
    },
  };
}
