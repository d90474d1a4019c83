/**
 * `aisle <command>`: the operators' command line. Finds the command, runs it and converts errors to one line and an exit
 * code: 0 success, 1 failure, 2 usage error, 3 success with refused rows, 130 stopped by a signal.
 */

import { type Command, EXIT, type Terminal, table, UserError } from './command.ts';
import { chainSet } from './commands/chain.ts';
import { conflictsList, conflictsSettle } from './commands/conflicts.ts';
import { deadLettersList, deadLettersReplay } from './commands/dead-letters.ts';
import { facesBudget, facesEnrol, facesList, facesUnmerge, facesWithdraw } from './commands/faces.ts';
import { importCommand } from './commands/import.ts';
import { keysIssue, keysList, keysRevoke, keysRotate } from './commands/keys.ts';
import { lawPage, lawSet, lawShow } from './commands/law.ts';
import { membersConflicts, membersSettle } from './commands/member-conflicts.ts';
import { membersImport } from './commands/members.ts';
import { sensorsList, sensorsRemove, sensorsSet } from './commands/sensors.ts';
import { stockImport, stockList } from './commands/stock.ts';
import { storesHours, storesImport, storesList, storesPlace, storesPut } from './commands/stores.ts';
import { targetsImport, targetsList, targetsPut } from './commands/targets.ts';
import { token } from './commands/token.ts';

const COMMANDS: readonly Command[] = [
  chainSet,
  storesPut,
  storesList,
  storesImport,
  storesPlace,
  storesHours,
  stockImport,
  stockList,
  lawSet,
  lawShow,
  lawPage,
  sensorsSet,
  sensorsList,
  sensorsRemove,
  targetsPut,
  targetsList,
  targetsImport,
  keysIssue,
  keysRotate,
  keysRevoke,
  keysList,
  facesEnrol,
  facesWithdraw,
  facesList,
  facesUnmerge,
  facesBudget,
  importCommand,
  membersImport,
  conflictsList,
  conflictsSettle,
  membersConflicts,
  membersSettle,
  deadLettersList,
  deadLettersReplay,
  token,
];

const isHelp = (text: string | undefined): boolean => text === '--help' || text === '-h' || text === 'help';

/** Runs one command line and returns its exit code. Prints errors; throws none. */
export async function aisle(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = COMMANDS.filter(({ name }) => name === args.slice(0, name.split(' ').length).join(' ')).at(
    0,
  );
  try {
    if (command === undefined) return printCommands(args, terminal);
    const rest = args.slice(command.name.split(' ').length);
    if (rest.some((argument) => argument === '--help' || argument === '-h')) {
      terminal.out(`${command.help}\n`);
      return EXIT.ok;
    }
    return await command.run(rest, terminal);
  } catch (error) {
    return printError(error, command, terminal);
  }
}

/** Prints all commands, or those of a subject such as `keys`. */
function printCommands(args: readonly string[], terminal: Terminal): number {
  const [subject] = args;
  const matching = COMMANDS.filter(({ name }) => name.split(' ')[0] === subject);
  const shown = matching.length === 0 ? COMMANDS : matching;
  const list = table(
    ['command', ''],
    shown.map(({ name, summary }) => [name, summary]),
  );
  const text = `Usage: aisle <command> [options]      (details: aisle <command> --help)\n\n${list}\n`;
  const isRequested =
    subject === undefined || isHelp(subject) || (matching.length > 0 && args.slice(1).some(isHelp));
  if (isRequested) {
    terminal.out(text);
    return EXIT.ok;
  }
  terminal.err(`aisle: unknown command "${args.join(' ')}"\n\n${text}`);
  return EXIT.usage;
}

/** Prints an error and returns its exit code. */
function printError(error: unknown, command: Command | undefined, terminal: Terminal): number {
  if (error instanceof UserError) {
    terminal.err(`aisle: ${error.message}\n`);
    if (error.exitCode === EXIT.usage) terminal.err(`See: aisle ${command?.name ?? ''} --help\n`);
    return error.exitCode;
  }
  const { message, name, code, $metadata } = error as Error & { code?: string; $metadata?: object };
  if (code === 'ECONNREFUSED') {
    terminal.err('aisle: connection refused. Is the local cloud running? Start it with "npm start".\n');
    return EXIT.failed;
  }
  // Errors of AWS (credentials, a missing table) concern the operator; any other error is a bug and needs its stack.
  const isAwsError = $metadata !== undefined || name === 'CredentialsProviderError';
  terminal.err(`aisle: ${name}: ${message}\n${isAwsError ? '' : `${(error as Error).stack}\n`}`);
  return EXIT.failed;
}

if (import.meta.main) {
  const stop = new AbortController();
  // The first Ctrl+C stops gracefully; with the handler removed, the second ends the process.
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  process.exitCode = await aisle(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    env: process.env,
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    nowMs: Date.now,
    columns: process.stderr.isTTY ? process.stderr.columns : undefined,
    stop: stop.signal,
  });
}
