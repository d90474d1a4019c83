/** `aisle members import`: a register's CSV into people. Names are not read; telephone numbers are never shown whole. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isTimeZone } from '#domain/chain/business-day.ts';
import { PURPOSES, personIdOf } from '#domain/people/person.ts';
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
import { fileCheckpoints, fingerprintOf } from '../import/checkpoint.ts';
import { openTable, type Row } from '../import/csv-stream.ts';
import type { CsvFormat } from '../import/mapping.ts';
import { createMeter } from '../import/progress-bar.ts';
import { areWhole, openRejects } from '../import/rejects-file.ts';
import { RowFault } from '../import/values.ts';
import { formatDuration } from '../input/duration.ts';
import { columnsOf, isRegister, type Reading, readOrFault } from '../members/columns.ts';
import { importMembers, MEMBER_REJECTS_HEADER } from '../members/import-members.ts';
import { MEMBERS_PROGRESS, type MembersProgress } from '../members/import-state.ts';

/** Options of an import of members, under whichever name it is called. */
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

const METER_EVERY_MS = 200;
const PERSON_ID_BYTES = 16;

const formatIn = (encoding: string): CsvFormat => {
  try {
    new TextDecoder(encoding);
  } catch {
    throw usageError(`"${encoding}" is not an encoding that is known here: utf-8, gbk, gb18030, big5 …`);
  }
  return { delimiter: ',', quote: '"', encoding, header: true };
};

async function open(path: string, encoding: string) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new UserError(`there is no file ${path}`);
  return await openTable(path, formatIn(encoding), stats.size);
}

/** Whether a file is a register of members, by its header. */
export const isRegisterFile = async (path: string, encoding: string): Promise<boolean> =>
  isRegister((await open(path, encoding)).header);

export const membersImport: Command = {
  name: 'members import',
  summary: 'take in a register of members, and what they agreed to',
  help: `Usage: aisle members import members.csv [--country CN] [--time-zone Asia/Shanghai]
       aisle import members.csv                  (the same, where the header is a register's)

Finds each member by number or phone, makes whoever is not known yet, and writes down what they agreed to.
Nothing is overwritten: it may be run as often as you like. Killed or stopped (Ctrl+C), the same command
goes on where it was.

A CSV with a header:
  memberNo (or member)    the number, as the tills write it
  phone                   with its country's code (+86 …), or as the chain's country dials it
  consent.<purpose>       what proves that they agreed: the number of a form, a record of the app; never "yes"
  consent.<purpose>.at    when: 2026-11-22T10:03:12+08:00, 2026-11-22 10:03:12, 2026-11-22
                          purposes: ${PURPOSES.join(', ')}
All other columns (names, birthdays, addresses) are passed over and kept nowhere.

  --dry-run         reads and checks everything, writes nothing
  --country CN      whose way of dialling counts; the chain's where left out
  --time-zone ZONE  whose clock counts for times without an offset; the stores' where they agree
  --encoding NAME   utf-8 where left out; gbk, gb18030, big5 …
  --state DIR       where the checkpoint and the rejects go; beside the CSV where left out
  --restart         begins anew, whatever an earlier run has done

Refused are a phone that is another person's, a second member number for one phone, a consent without proof
or time, and what cannot be read. They are written to <csv>.rejects.csv: the line, the member number, the
phone (masked) and the reason. Ends with 0 when all was kept, 3 when some was refused, 130 when stopped.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, MEMBERS_OPTIONS, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    return await importRegister(path, values, terminal);
  },
};

/** Imports a register; the exit code. */
export async function importRegister(
  path: string,
  options: MembersOptions,
  terminal: Terminal,
): Promise<number> {
  const table = await open(path, options.encoding);
  const columns = columnsOf(table.header, path);
  const cloud = openCloud(options, terminal);
  const reading = { columns, ...(await habitsOf(cloud, options)), nowMs: terminal.nowMs() };
  const meter = createMeter(terminal);
  if (columns.passedOver.length > 0) meter.say(`Passed over: ${columns.passedOver.join(', ')}.`);
  if (options['dry-run']) return await tellTally(table.rows, reading, terminal);

  const outputs = join(
    options.state === undefined ? dirname(path) : resolve(terminal.cwd, options.state),
    basename(path),
  );
  const how = [reading.country, reading.timeZone, options.encoding].map((text) => text ?? '');
  const fingerprint = await fingerprintOf([path], [...how, cloud.file.dataDir ?? cloud.title]);
  const checkpoints = fileCheckpoints(`${outputs}.checkpoint.json`, fingerprint, MEMBERS_PROGRESS);
  const rejectsPath = `${outputs}.rejects.csv`;
  const known = options.restart ? undefined : checkpoints.load();
  const begun = known !== undefined && areWhole(rejectsPath, known.rejectsBytes) ? known : undefined;
  const rejects = openRejects(rejectsPath, begun?.rejectsBytes ?? 0, MEMBER_REJECTS_HEADER);
  if (begun !== undefined) meter.say(`Going on after row ${begun.rowsDone}.`);

  const startedAtMs = terminal.nowMs();
  let rows = 0;
  const timer = setInterval(
    () => meter.tick({ doing: 'importing', fraction: table.fraction(), count: rows, things: 'members' }),
    METER_EVERY_MS,
  );
  try {
    const { isComplete, progress } = await importMembers(
      {
        rows: table.rows,
        reading,
        fileName: basename(path),
        people: cloud.people(),
        newPersonId: () => personIdOf(randomBytes(PERSON_ID_BYTES)),
        checkpoints,
        reject: rejects.write,
        stop: terminal.stop,
        nowMs: terminal.nowMs,
        onProgress: (now) => {
          rows = now.rows - (begun?.rows ?? 0);
        },
      },
      begun,
    );
    meter.end();
    terminal.out(summaryOf(progress, rejectsPath, terminal.nowMs() - startedAtMs));
    if (!isComplete) {
      terminal.err('Stopped. The same command goes on from here.\n');
      return EXIT.stopped;
    }
    return progress.refused > 0 ? EXIT.rejects : EXIT.ok;
  } finally {
    clearInterval(timer);
    meter.end();
    rejects.close();
  }
}

const FAULTS_TOLD_MAX = 20;

/** Reads every row; nobody is looked up, so phones that are other people's are not found. */
async function tellTally(rows: AsyncIterable<Row>, reading: Reading, terminal: Terminal): Promise<number> {
  const faults: string[] = [];
  let [members, refused] = [0, 0];
  for await (const row of rows) {
    if (terminal.stop.aborted) return EXIT.stopped;
    const read = readOrFault(reading, row.cells);
    if (read instanceof RowFault) {
      refused++;
      if (faults.length < FAULTS_TOLD_MAX) faults.push(`    line ${row.line}: ${read.message}\n`);
    } else members++;
  }
  const told =
    refused === 0 ? '' : `  would be refused ${number(refused)}, the first of them:\n${faults.join('')}`;
  terminal.out(`${number(members + refused)} rows, ${number(members)} members; nothing was written\n${told}`);
  return refused > 0 ? EXIT.rejects : EXIT.ok;
}

/** Whose way of dialling and whose clock count where the file does not say. */
async function habitsOf(
  cloud: Cloud,
  { country, 'time-zone': zone }: MembersOptions,
): Promise<{ readonly country: string | undefined; readonly timeZone: string | undefined }> {
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    throw usageError(`--country takes the two capitals of ISO 3166, such as CN; not "${country}"`);
  }
  if (zone !== undefined && !isTimeZone(zone)) {
    throw usageError(`--time-zone takes an IANA name such as Asia/Shanghai; not "${zone}"`);
  }
  const chain = cloud.chain();
  const zones = new Set((await chain.stores()).map(({ timeZone }) => timeZone));
  return {
    country: country ?? (await chain.chain())?.country,
    timeZone: zone ?? (zones.size === 1 ? [...zones][0] : undefined),
  };
}

const number = (count: number): string => count.toLocaleString('en');

function summaryOf(progress: MembersProgress, rejectsPath: string, tookMs: number): string {
  const rejects = progress.refused === 0 ? '' : `  rejects   ${rejectsPath}\n`;
  return (
    `${number(progress.rows)} rows\n` +
    `  made      ${number(progress.made)} members\n` +
    `  known     ${number(progress.known)} members\n` +
    `  refused   ${number(progress.refused)}\n` +
    `  consents  ${number(progress.consents)}\n${rejects}` +
    `This run: ${formatDuration(tookMs)}\n`
  );
}
