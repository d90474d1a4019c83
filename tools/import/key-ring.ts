/** The device keys of an import: one for all stores or one per store, from a file; on a local cloud, issued where missing. */
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

/**
 * Reads a file that contains `"aisle_…"`, `{ "sz01": "aisle_…", … }` or a bare key.
 *
 * @throws UserError where the file is missing or contains anything else
 */
export function readKeys(path: string): KeysOfStores {
  if (!existsSync(path)) throw new UserError(`file not found: ${path}`);
  const text = readFileSync(path, 'utf8');
  let json: unknown = text;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: a bare key, as `aisle keys issue > key.txt` writes it.
  }
  const parsed = v.safeParse(Keys, json);
  if (parsed.success) return parsed.output;
  throw new UserError(`${path} is not a key file: ${parsed.issues[0].message}`);
}

export interface KeyRing {
  /** Returns the key of a store. Throws a UserError where it has none and none can be issued. */
  keyOf(store: string): Promise<string>;
}

/**
 * Creates a key ring, whose `keyOf` throws a UserError for a store without a key.
 *
 * @param issue issues the key of a store that has none
 * @param path the file to which issued keys are written, if any
 */
export function keyRing(
  keys: KeysOfStores,
  issue: ((store: string) => Promise<string>) | undefined,
  path: string | undefined,
): KeyRing {
  const byStore = new Map(typeof keys === 'string' ? [] : Object.entries(keys));
  const issuing = new Map<string, Promise<string>>();

  async function issueAndSave(store: string, issueKey: (store: string) => Promise<string>): Promise<string> {
    const key = await issueKey(store);
    byStore.set(store, key);
    if (path !== undefined) {
      writeFileSync(path, `${JSON.stringify(Object.fromEntries(byStore), undefined, 2)}\n`, { mode: 0o600 });
    }
    return key;
  }

  return {
    async keyOf(store) {
      if (typeof keys === 'string') return keys;
      const existing = byStore.get(store);
      if (existing !== undefined) return existing;
      if (issue === undefined) {
        throw new UserError(`no key for store ${store}; issue one with: aisle keys issue --store ${store} …`);
      }
      const pending = issuing.get(store) ?? issueAndSave(store, issue);
      issuing.set(store, pending);
      return await pending;
    },
  };
}
