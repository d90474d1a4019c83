/** The keys an import shows: one for all, or one per store, from a file; and on a local cloud, made where missing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { parseKey } from '#contracts/device-key.ts';
import { UserError } from '../command.ts';

export type KeysOfStores = string | Record<string, string>;

const Key = v.pipe(
  v.string('must be a key'),
  v.trim(),
  v.check((text) => parseKey(text) !== undefined, 'is not a key (aisle_…)'),
);
const Keys = v.union(
  [Key, v.record(v.string(), Key)],
  'must be a key, or an object of stores and their keys',
);

/** A file with `"aisle_…"`, `{ "sz01": "aisle_…", … }`, or nothing but the key. */
export function readKeys(path: string): KeysOfStores {
  if (!existsSync(path)) throw new UserError(`there is no file ${path}`);
  const text = readFileSync(path, 'utf8');
  let json: unknown = text;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: the key itself, as `aisle keys issue > key.txt` leaves it.
  }
  const parsed = v.safeParse(Keys, json);
  if (parsed.success) return parsed.output;
  throw new UserError(`${path} holds no keys: ${parsed.issues[0].message}`);
}

export interface KeyRing {
  keyOf(store: string): Promise<string>;
}

/**
 * @param issue makes the key of a store that has none; it is then written into the file, if there is one
 */
export function keyRing(
  keys: KeysOfStores,
  issue: ((store: string) => Promise<string>) | undefined,
  path: string | undefined,
): KeyRing {
  const byStore = new Map(typeof keys === 'string' ? [] : Object.entries(keys));
  const issuing = new Map<string, Promise<string>>();

  async function issued(store: string, make: (store: string) => Promise<string>): Promise<string> {
    const key = await make(store);
    byStore.set(store, key);
    if (path !== undefined) {
      writeFileSync(path, `${JSON.stringify(Object.fromEntries(byStore), undefined, 2)}\n`, { mode: 0o600 });
    }
    return key;
  }

  return {
    async keyOf(store) {
      if (typeof keys === 'string') return keys;
      const known = byStore.get(store);
      if (known !== undefined) return known;
      if (issue === undefined) {
        throw new UserError(
          `there is no key for store ${store}; make one with: aisle keys issue --store ${store} …`,
        );
      }
      const open = issuing.get(store) ?? issued(store, issue);
      issuing.set(store, open);
      return await open;
    },
  };
}
