/** A person store in memory: the real store on a map that provides the operations of a table. */
import type { Condition, Item, Items } from '#adapters/dynamodb/person-items.ts';
import { personStoreOn } from '#adapters/dynamodb/person-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { ItemKey } from '#domain/people/erasure/table-row.ts';

export interface MemoryItems extends Items {
  readonly rows: ReadonlyMap<string, Item>;
}

export function memoryItems(): MemoryItems {
  const rows = new Map<string, Item>();
  const nameOf = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;
  const isMet = (there: Item | undefined, condition: Condition): boolean => {
    switch (condition.kind) {
      case 'absent':
        return there === undefined;
      case 'of':
        return there?.['personId'] === condition.personId;
      case 'older':
        return there === undefined || Number(there['revision']) < condition.revision;
    }
  };
  return {
    rows,
    async get(key) {
      return rows.get(nameOf(key));
    },
    async put(item, condition) {
      if (!isMet(rows.get(nameOf(item)), condition)) return false;
      rows.set(nameOf(item), structuredClone(item));
      return true;
    },
    async delete(key, condition) {
      if (condition === undefined || isMet(rows.get(nameOf(key)), condition)) rows.delete(nameOf(key));
    },
    async *query(pk, prefix = '') {
      const found = [...rows.values()].filter((item) => item.pk === pk && item.sk.startsWith(prefix));
      yield* found.sort((a, b) => (a.sk < b.sk ? -1 : 1));
    },
  };
}

export interface MemoryPersonStore extends PersonStore {
  readonly rows: ReadonlyMap<string, Item>;
}

export function memoryPersonStore(): MemoryPersonStore {
  const items = memoryItems();
  return { ...personStoreOn(items), rows: items.rows };
}
