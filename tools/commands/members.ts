/** `aisle members import`: imports a member list. Names are not read, and phone numbers are printed masked only. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isTimeZone } from '#domain/chain/business-day.ts';
import { PURPOSES } from '#domain/people/customers/consent.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, type CloudOptions, openCloud } from '../cloud.ts';
import {
  type Command,
  EXIT,
  readOptions,
  required,
  type Terminal,
  UserError,
  usageError,
} from '../command.ts';
import { fileCheckpoints, fingerprintOf, loadResumable } from '../import/checkpoint.ts';
import { openCsv, type Row } from '../import/csv-stream.ts';
import type { CsvFormat } from '../import/mapping.ts';
import { createProgressBar } from '../import/progress-bar.ts';
import { openRejectsFile } from '../import/rejects-file.ts';
import { RowError } from '../import/values.ts';
import { formatDuration } from '../input/duration.ts';
import {
  columnsOf,
  isMemberList,
  type MemberFormat,
  readMemberOrError,
  sharedNumberError,
  sharedNumbersOf,
} from '../members/columns.ts';
import { importMembers, MEMBERS_REJECTS_HEADER } from '../members/import-members.ts';
import { MembersImportState } from '../members/import-state.ts';

/** Options of a members import, both as `aisle members import` and as `aisle import`. */
export const MEMBERS_OPTIONS = {
  country: { type: 'string' },
  'time-zone': { type: 'string' },
  encoding: { type: 'string', default: 'utf-8' },
  state: { type: 'string' },
  restart: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  ...CLOUD_OPTIONS,
} as const;

interface MembersOptions extends CloudOptions {
  readonly country?: string | undefined;
  readonly 'time-zone'?: string | undefined;
  readonly encoding: string;
  readonly state?: string | undefined;
  readonly restart: boolean;
  readonly 'dry-run': boolean;
}

const REDRAW_EVERY_MS = 200;
const PERSON_ID_BYTES = 16;

const formatIn = (encoding: string): CsvFormat => {
  try {
    new TextDecoder(encoding);
  } catch {
    throw usageError(`"${encoding}" is not a supported encoding, such as utf-8, gbk, gb18030 or big5`);
  }
  return { delimiter: ',', quote: '"', encoding, header: true };
};

async function open(path: string, encoding: string) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new UserError(`file not found: ${path}`);
  return await openCsv(path, formatIn(encoding), stats.size);
}

/** Returns whether a file is a member list, by its header. Throws a UserError where it cannot be read. */
export const isMemberListFile = async (path: string, encoding: string): Promise<boolean> =>
  isMemberList((await open(path, encoding)).header);

export const membersImport: Command = {
  name: 'members import',
  summary: 'import a member list with consents',
  help: `Usage: aisle members import members.csv [--country CN] [--time-zone Asia/Shanghai]
       aisle import members.csv                  (the same, if the header is that of a member list)

Finds each member by number or phone, creates those that do not exist, and records their consents. Nothing
is overwritten, so the command can be re-run safely. Re-run it after a crash or a stop (Ctrl+C) to resume.

A CSV with a header:
  memberNo (or member)    member number, as the tills print it
  phone                   with country code (+86 …), or as dialled in the chain's country
  birthYear               year of birth, optional: no push goes to a customer who may be too young for it
  consent.<purpose>       proof of the consent: a form number, a record id of the app; never just "yes"
  consent.<purpose>.at    time of the consent: 2026-11-22T10:03:12+08:00, 2026-11-22 10:03:12, 2026-11-22
                          purposes: ${PURPOSES.join(', ')}
All other columns (names, birthdays, addresses) are ignored and not stored.

  --dry-run         read and validate everything, write nothing
  --country CN      country of phone numbers without a country code; default: the chain's
  --time-zone ZONE  time zone of times without an offset; default: the stores', if all have the same
  --encoding NAME   utf-8, gbk, gb18030, big5 …; default: utf-8
  --state DIR       folder for the checkpoint and the rejects; default: that of the CSV
  --restart         start over, ignoring the checkpoint of an earlier run

A row is refused if a value is invalid, a consent lacks proof or time, or its number names no single member:
a placeholder (无, -, 0000), a number that a spreadsheet has spoilt (1.00023E+11), or one that stands beside
different phones in the file. A phone that is another customer's is left out, and the member is imported
without it; if that customer has no member number, the two are proposed for merging (aisle members
conflicts). A consent with a date and no time counts from the beginning of that day, so it never undoes a
withdrawal of that day or later. Refused rows and rows without their phone are written to <csv>.rejects.csv
with line, member number, masked phone and reason. Exit code: 0 all imported, 3 some refused or without
their phone, 130 stopped.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, MEMBERS_OPTIONS, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    return await importMemberList(path, values, terminal);
  },
};

/** Imports a member list and returns the exit code. Throws a UserError where the file or an option is invalid. */
export async function importMemberList(
  path: string,
  options: MembersOptions,
  terminal: Terminal,
): Promise<number> {
  const csv = await open(path, options.encoding);
  const columns = columnsOf(csv.header, path);
  const cloud = openCloud(options, terminal);
  const format = { columns, ...(await defaultsOf(cloud, options)), nowMs: terminal.nowMs() };
  const progressBar = createProgressBar(terminal);
  if (columns.ignored.length > 0) progressBar.print(`Ignored columns: ${columns.ignored.join(', ')}.`);
  const again = await open(path, options.encoding);
  const sharedNumbers = await sharedNumbersOf(again.rows, format);
  if (options['dry-run']) return await printTally(csv.rows, format, sharedNumbers, terminal);

  const outputs = join(
    options.state === undefined ? dirname(path) : resolve(terminal.cwd, options.state),
    basename(path),
  );
  const parsing = [format.country, format.timeZone, options.encoding].map((text) => text ?? '');
  const fingerprint = await fingerprintOf([path], [...parsing, cloud.file.dataDir ?? cloud.title]);
  const checkpoints = fileCheckpoints(`${outputs}.checkpoint.json`, fingerprint, MembersImportState);
  const rejectsPath = `${outputs}.rejects.csv`;
  const previous = loadResumable(checkpoints, rejectsPath, options.restart);
  const rejects = openRejectsFile(rejectsPath, previous?.rejectsBytes ?? 0, MEMBERS_REJECTS_HEADER);
  if (previous !== undefined) progressBar.print(`Resuming after row ${previous.rowsDone}.`);

  const startedAtMs = terminal.nowMs();
  let rows = 0;
  const timer = setInterval(
    () => progressBar.update({ phase: 'importing', fraction: csv.fraction(), count: rows, unit: 'members' }),
    REDRAW_EVERY_MS,
  );
  try {
    const { isComplete, state } = await importMembers(
      {
        rows: csv.rows,
        format,
        sharedNumbers,
        fileName: basename(path),
        people: cloud.people(),
        newPersonId: () => personIdOf(randomBytes(PERSON_ID_BYTES)),
        checkpoints,
        reject: rejects.write,
        stop: terminal.stop,
        nowMs: terminal.nowMs,
        onState: (now) => {
          rows = now.rows - (previous?.rows ?? 0);
        },
      },
      previous,
    );
    progressBar.end();
    terminal.out(summaryOf(state, rejectsPath, terminal.nowMs() - startedAtMs));
    if (!isComplete) {
      terminal.err('Stopped. Re-run the same command to resume.\n');
      return EXIT.stopped;
    }
    return state.refused + state.withoutPhone > 0 ? EXIT.rejects : EXIT.ok;
  } finally {
    clearInterval(timer);
    progressBar.end();
    rejects.close();
  }
}

const ERRORS_PRINTED_MAX = 20;

/** Validates every row without reading the people table, so conflicts with existing customers are not found. */
async function printTally(
  rows: AsyncIterable<Row>,
  format: MemberFormat,
  sharedNumbers: ReadonlySet<string>,
  terminal: Terminal,
): Promise<number> {
  const errors: string[] = [];
  let [members, refused] = [0, 0];
  for await (const row of rows) {
    if (terminal.stop.aborted) return EXIT.stopped;
    const parsed = readMemberOrError(format, row.cells);
    const read = parsed instanceof RowError ? parsed : (sharedNumberError(parsed, sharedNumbers) ?? parsed);
    if (read instanceof RowError) {
      refused++;
      if (errors.length < ERRORS_PRINTED_MAX) errors.push(`    line ${row.line}: ${read.message}\n`);
    } else members++;
  }
  const details =
    refused === 0 ? '' : `  would be refused ${number(refused)}, first errors:\n${errors.join('')}`;
  terminal.out(`${number(members + refused)} rows, ${number(members)} members; nothing written\n${details}`);
  return refused > 0 ? EXIT.rejects : EXIT.ok;
}

/** Returns the country of phone numbers and the time zone of times for which the file has neither code nor offset. */
async function defaultsOf(
  cloud: Cloud,
  { country, 'time-zone': zone }: MembersOptions,
): Promise<{ readonly country: string | undefined; readonly timeZone: string | undefined }> {
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    throw usageError(`--country must be an ISO 3166-1 code such as CN; not "${country}"`);
  }
  if (zone !== undefined && !isTimeZone(zone)) {
    throw usageError(`--time-zone must be an IANA name such as Asia/Shanghai; not "${zone}"`);
  }
  const chain = cloud.chain();
  const zones = new Set((await chain.stores()).map(({ timeZone }) => timeZone));
  return {
    country: country ?? (await chain.chain())?.country,
    timeZone: zone ?? (zones.size === 1 ? [...zones][0] : undefined),
  };
}

const number = (count: number): string => count.toLocaleString('en');

function summaryOf(state: MembersImportState, rejectsPath: string, tookMs: number): string {
  const rejects = state.refused + state.withoutPhone === 0 ? '' : `  rejects   ${rejectsPath}\n`;
  return (
    `${number(state.rows)} rows\n` +
    `  created   ${number(state.created)} members\n` +
    `  existing  ${number(state.existing)} members\n` +
    `  refused   ${number(state.refused)}\n` +
    (state.withoutPhone === 0 ? '' : `  without their phone  ${number(state.withoutPhone)}\n`) +
    `  consents  ${number(state.consents)}\n${rejects}` +
    `This run: ${formatDuration(tookMs)}\n`
  );
}
