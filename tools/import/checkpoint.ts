/**
 * How far an import has come, beside its CSV, so that one that was killed goes on and does not begin anew. It counts
 * only for the same CSV, mapping, tables and cloud; and it is gone once the import is complete.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Progress } from './import-state.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** How far an import of receipts has come, as it is written down. */
export const RECEIPTS_PROGRESS = v.object({
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
});

export interface Checkpoints<Done = Progress> {
  /** What an earlier run of the same import has booked; undefined where there is none. */
  load(): Done | undefined;
  save(progress: Done): void;
  remove(): void;
}

/** @param schema of the progress, so that what an older release wrote is not taken for it */
export function fileCheckpoints<Done>(
  path: string,
  fingerprint: string,
  schema: v.GenericSchema<unknown, Done>,
): Checkpoints<Done> {
  const Checkpoint = v.object({ fingerprint: v.literal(fingerprint), progress: schema });
  return {
    load() {
      try {
        const parsed = v.safeParse(Checkpoint, JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success ? parsed.output.progress : undefined;
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
