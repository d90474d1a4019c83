/** The file of refused rows, beside the CSV. It grows with the recorded state, so a resumed import appends at the right place. */
import { closeSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { UserError } from '../command.ts';
import { csvLine } from './csv-stream.ts';

export interface RejectsFile {
  /** Writes a line and returns its length in bytes; the first line's includes the header. */
  write(line: string): number;
  close(): void;
}

/** Returns whether the file still contains the bytes an earlier run wrote; without them an import must start over. */
export const isRejectsFileIntact = (path: string, bytes: number): boolean =>
  bytes === 0 || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytes;

/**
 * Opens the file for writing; it is created with the first line.
 *
 * @param keptBytes length of the file in the recorded state; bytes beyond it are truncated
 * @throws UserError where the file cannot be written
 */
export function openRejectsFile(path: string, keptBytes: number, header: readonly string[]): RejectsFile {
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
    `cannot write ${path} (${(error as NodeJS.ErrnoException).code}); choose another folder with --state DIR`,
  );
