/**
 * The interface of an `aisle` command: a name, a help text and a run that returns an exit code. Its environment is passed as
 * a `Terminal`, so a test can run a command and read its output.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';

export interface Terminal {
  /** Prints a result to standard output, which can be piped. */
  out(text: string): void;
  /** Prints messages and progress to standard error. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder against which relative paths are resolved. */
  readonly cwd: string;
  readonly nowMs: () => number;
  /** Width of a terminal that can redraw a line; undefined for a file or a pipe. */
  readonly columns: number | undefined;
  /** Aborted by Ctrl+C or SIGTERM. */
  readonly stop: AbortSignal;
}

export interface Command {
  /** As typed: `keys issue`. */
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Runs with the arguments after the name. Returns the exit code; throws a UserError for expected errors. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

export const EXIT = { ok: 0, failed: 1, usage: 2, rejects: 3, stopped: 130 } as const;

/** An error that the operator can correct; printed as one line, without a stack. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

/** Returns the error of a command line that cannot be parsed; exit code 2. */
export const usageError = (message: string): UserError => new UserError(message, EXIT.usage);

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Parses options and at most `positionalsMax` positional arguments.
 *
 * @throws UserError (usage) for an unknown option, a missing value or a surplus argument
 */
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
    if (extra !== undefined) throw usageError(`unexpected argument "${extra}"`);
    return parsed;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw usageError((error as Error).message.replace(/\. To specify.*$/s, ''));
  }
}

/** Returns the value of a mandatory option. Throws a UserError (usage) where it is missing or empty. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw usageError(`${name} is missing`);
  return value;
}

/** Returns rows as text in aligned columns. A Chinese character is two terminal columns wide. */
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
