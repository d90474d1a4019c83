/** The file of what was refused, beside the CSV. It grows with what is booked, so that an import that goes on goes on in it, too. */
import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { UserError } from '../command.ts';
import { csvLine } from './csv-stream.ts';

export interface Rejects {
  /** Writes a line; its length in bytes, the header's with the first. */
  write(line: string): number;
  close(): void;
}

/** Whether what an earlier run wrote of rejects is still there; otherwise it has to begin anew. */
export const areWhole = (path: string, bytes: number): boolean =>
  bytes === 0 || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytes;

/** @param keptBytes what an earlier run has booked; whatever it wrote behind that is cut off */
export function openRejects(path: string, keptBytes: number, header: readonly string[]): Rejects {
  let file: number | undefined;
  let bytes = keptBytes;
  try {
    if (keptBytes > 0) {
      file = openSync(path, 'r+');
      ftruncateSync(file, keptBytes);
    } else rmSync(path, { force: true });
  } catch (error) {
    throw unwritable(path, error);
  }
  const append = (text: string): number => {
    try {
      file ??= openSync(path, 'w');
    } catch (error) {
      throw unwritable(path, error);
    }
    const written = writeSync(file, text, bytes);
    bytes += written;
    return written;
  };
  return {
    write: (line) => (bytes === 0 ? append(csvLine(header)) : 0) + append(line),
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}

const unwritable = (path: string, error: unknown): UserError =>
  new UserError(
    `cannot write ${path} (${(error as NodeJS.ErrnoException).code}); say where with --state DIR`,
  );
