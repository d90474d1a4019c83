/**
 * What a command of `aisle` is: a name, a help text, and a run that ends in an exit code. Everything it needs
 * of the outside comes in as `Terminal`, so a test can run a command and read what it printed.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';

export interface Terminal {
  /** For what the command was asked for: can be piped on. */
  out(text: string): void;
  /** For what is said beside it. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly cwd: string;
  readonly nowMs: () => number;
  /** Columns of a terminal that can redraw a line; undefined for a file or a pipe. */
  readonly columns: number | undefined;
  /** Aborted when the person wants the command to stop. */
  readonly stop: AbortSignal;
}

export interface Command {
  /** As typed: `keys issue`. */
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

export const EXIT = { ok: 0, failed: 1, usage: 2, rejects: 3, stopped: 130 } as const;

/** What the person at the terminal can mend; told as one line, without a stack. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string): UserError => new UserError(message, EXIT.usage);

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads options strictly: one that is not known is an error and never passed over. */
export function readOptions<const O extends Options>(
  args: readonly string[],
  options: O,
  positionalsMax = 0,
) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options,
      allowPositionals: positionalsMax > 0,
      strict: true,
    });
    const extra = parsed.positionals[positionalsMax];
    if (extra !== undefined) throw usageError(`"${extra}" is one argument too many`);
    return parsed;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw usageError((error as Error).message.replace(/\. To specify.*$/s, ''));
  }
}

/** The value of an option that has to be there. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw usageError(`${name} is missing`);
  return value;
}

/** Lines up cells in columns, for people; a Chinese character takes two columns of a terminal. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const widthOf = (text: string): number =>
  [...text].reduce((width, character) => width + (WIDE.test(character) ? 2 : 1), 0);
