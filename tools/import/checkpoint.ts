/**
 * The checkpoint file of an import, beside its CSV, from which an interrupted run resumes. It is valid only for the same
 * CSV, mapping, joined tables and cloud, and is deleted when the import completes.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { ImportState } from './import-state.ts';
import { isRejectsFileIntact } from './rejects-file.ts';

export interface Checkpoints<State = ImportState> {
  /** Returns the state of an earlier run of the same import; undefined where there is none. */
  load(): State | undefined;
  save(state: State): void;
  remove(): void;
}

/**
 * Returns checkpoints that are stored in one file.
 *
 * @param fingerprint of the import (see `fingerprintOf`); a checkpoint with another one is ignored
 * @param schema of the state; a checkpoint of an older release that does not match it is ignored
 */
export function fileCheckpoints<State>(
  path: string,
  fingerprint: string,
  schema: v.GenericSchema<unknown, State>,
): Checkpoints<State> {
  const Checkpoint = v.object({ fingerprint: v.literal(fingerprint), state: schema });
  return {
    load() {
      try {
        const parsed = v.safeParse(Checkpoint, JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success ? parsed.output.state : undefined;
      } catch {
        // Missing, or truncated by a full disk: the import starts over, which costs time and nothing else.
        return undefined;
      }
    },
    save(state) {
      writeFileSync(`${path}.tmp`, `${JSON.stringify({ fingerprint, state }, undefined, 2)}\n`);
      renameSync(`${path}.tmp`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** Returns the state from which an import resumes; undefined where it starts over, because there is no checkpoint or the rejects file is incomplete. */
export function loadResumable<State extends { readonly rejectsBytes: number }>(
  checkpoints: Checkpoints<State>,
  rejectsPath: string,
  isRestart: boolean,
): State | undefined {
  const saved = isRestart ? undefined : checkpoints.load();
  return saved !== undefined && isRejectsFileIntact(rejectsPath, saved.rejectsBytes) ? saved : undefined;
}

/** Returns the SHA-256 that identifies an import: over the bytes of its files, and the texts of its mapping and target. */
export async function fingerprintOf(files: readonly string[], texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\n${text}\n`);
  for (const file of files) {
    const content = createHash('sha256');
    for await (const chunk of createReadStream(file)) content.update(chunk as Buffer);
    hash.update(content.digest());
  }
  return hash.digest('hex');
}
