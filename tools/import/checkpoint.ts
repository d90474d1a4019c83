/**
 * How far an import has come, beside its CSV, so that one that was killed goes on and does not begin anew. It counts
 * only for the same CSV, mapping, tables and cloud; and it is gone once the import is complete.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Progress } from './progress.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Checkpoint = v.object({
  fingerprint: v.string(),
  progress: v.object({
    rowsDone: count,
    heldDone: count,
    rows: count,
    receipts: count,
    accepted: count,
    refused: count,
    faultyRows: count,
    namesMended: count,
    skipped: v.record(v.string(), count),
    rejectsBytes: count,
  }),
});

export interface Checkpoints {
  /** What an earlier run of the same import has booked; undefined where there is none. */
  load(): Progress | undefined;
  save(progress: Progress): void;
  remove(): void;
}

export function fileCheckpoints(path: string, fingerprint: string): Checkpoints {
  return {
    load() {
      try {
        const parsed = v.safeParse(Checkpoint, JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success && parsed.output.fingerprint === fingerprint
          ? parsed.output.progress
          : undefined;
      } catch {
        // None, or one that was cut short by a full disk: the import begins anew, which only costs time.
        return undefined;
      }
    },
    save(progress) {
      writeFileSync(`${path}.tmp`, `${JSON.stringify({ fingerprint, progress }, undefined, 2)}\n`);
      renameSync(`${path}.tmp`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** What tells one import from another: the bytes of its files, and the texts that say how and where to. */
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
