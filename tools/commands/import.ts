/**
 * `aisle import`: posts a till's CSV as receipts, through the same API as the tills. A CSV whose header is that of a member
 * list is imported like `aisle members import` does.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEVICE_KINDS } from '#domain/chain/device-key.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { type Amount, formatAmount } from '#domain/chain/money.ts';
import { totalOf } from '#domain/place/figures/receipt.ts';
import { CLOUD_HELP, type Cloud, openCloud, readJson, requireStore } from '../cloud.ts';
import {
  type Command,
  EXIT,
  readOptions,
  required,
  type Terminal,
  UserError,
  usageError,
} from '../command.ts';
import { type Checkpoints, fileCheckpoints, fingerprintOf, loadResumable } from '../import/checkpoint.ts';
import { type CountCheck, createCountCheck } from '../import/count-check.ts';
import { type DoorChain, doorOf } from '../import/door.ts';
import { dryRun, type Tally } from '../import/dry-run.ts';
import { importReceipts } from '../import/import-receipts.ts';
import { ImportState } from '../import/import-state.ts';
import { keyRing, readKeys } from '../import/key-ring.ts';
import { REJECTS_HEADER } from '../import/ledger.ts';
import { type Mapping, parseMapping } from '../import/mapping.ts';
import { createProgressBar, type ProgressBar } from '../import/progress-bar.ts';
import { reasonLines } from '../import/reasons.ts';
import { openRejectsFile } from '../import/rejects-file.ts';
import { createSender, type Sender } from '../import/sender.ts';
import { openSourceFiles, type SourceFiles } from '../import/source-files.ts';
import { TIME_FORMAT_HELP } from '../import/values.ts';
import { formatDuration, readDurationMs } from '../input/duration.ts';
import { issueKey } from '../issue-key.ts';
import { importMemberList, isMemberListFile, MEMBERS_OPTIONS } from './members.ts';

const IN_FLIGHT_DEFAULT = 8;
const IN_FLIGHT_MAX = 64;
const PATIENCE_DEFAULT = '10m';
const REDRAW_EVERY_MS = 200;
const IMPORT_DEVICE = 'import' as DeviceId;

const HELP = `Usage: aisle import receipts.csv --map map.json --dry-run
       aisle import receipts.csv --map map.json [--url URL] --keys keys.json
       aisle import receipts.csv --map map.json --issue-keys            (local cloud only)
       aisle import members.csv                                         (see: aisle members import --help)

Posts a till's CSV as receipts, through the same API as the tills. Each receipt counts once, so the
command can be re-run safely. Re-run it after a crash or a stop (Ctrl+C) to resume.

  --map FILE       the mapping from CSV to receipts; see below
  --dry-run        read everything, ask of it all that the API asks, print the figures, send nothing;
                   without a cloud, stores, currency and phones are not checked
  --fill-down      merged cells: blank cells of a receipt's columns take the value of the row above
  --url URL        URL of the API; default: that of the cloud (see Which cloud)
  --keys FILE      one key ("aisle_…"), or one per store: { "sz01": "aisle_…" }
  --issue-keys     issue missing keys, and write them to --keys FILE if given; an import key that a
                   store has already is replaced
  --in-flight N    maximum number of concurrent requests; default: ${IN_FLIGHT_DEFAULT}
  --patience TIME  how long to retry while the server is unreachable; default: ${PATIENCE_DEFAULT}
  --state DIR      folder for the checkpoint and the rejects; default: that of the CSV
  --restart        start over, ignoring the checkpoint of an earlier run

The CSV may be gzipped (.gz) and of any size: it is streamed twice. Receipts whose rows are not adjacent
are found in the first pass, held in memory and sent last. Refused rows are written to
<csv>.rejects.csv with line, store, receipt and reason. A receipt is refused as a whole where one of its
rows, or a row that may be a part of it, cannot be read.
At the end the import waits until the receipts are counted, and prints those whose number was used
before with another content (see: aisle conflicts list); that needs access to the tables of the cloud.
Exit code: 0 all counted, 3 some refused or in conflict, 130 stopped.

The mapping is JSON. A source is a column's name, or an object:
  { "column": "Country", "slug": true }                        united-kingdom
  { "constant": "1" }     { "columns": ["Date", "Time"], "separator": " " }
  { "column": "Shop", "values": { "7": "sz01" }, "otherwise": "sz99" }
  { "column": "Customer", "extract": "^(\\\\d+)" }                 first group of a regular expression
  { "join": "products", "column": "Price" }                    from a second table
A condition is { "of": source, "matches" | "equals" | "below" | "above" | "empty": … }, or
{ "all": [ … ] }, { "any": [ … ] }, { "not": … }.

  csv        { "delimiter": ",", "quote": "\\"", "encoding": "utf-8" | "latin1" | "gbk" | …,
               "header": true | ["names", "of", "columns"] }
  joins      { "products": { "file": "products.csv", "key": "Product_ID", "by": source } }
             files beside the CSV
  numbers    { "decimal": "." | ",", "thousands": "," }; currency signs are ignored, thousands stand in
             groups of three, and (5.00) or 5.00- is negative
  times      { "format": "YYYY-MM-DD HH:mm:ss" or a list of formats, "timeOfDay": "12:00:00",
               "dayCut": "04:00" }
             ${TIME_FORMAT_HELP};
             times without an offset are local to the store; timeOfDay completes formats without one;
             rows before dayCut belong to the receipts of the day before
  receiptBy  [sources]: rows of one store, till and day with equal values are one receipt, and take blank
             cells of their store, till, time and cashier from its first row; without it, each row is one
  fillDown   true for merged cells, like --fill-down
  closesWith "first" | "last": the row whose time is the closing time; default: last
  skip       [{ "reason": "…", "when": condition }]; the first that matches applies
  isReturn   condition for return rows; their quantity becomes negative, and their price, discount and
             payments are read without their sign
  receipt    { store, till, receiptNo, closedAt, businessDay, currency, cashier, phone, memberNo,
               voids, discount, payments: [{ method, amount }] }   the first four are required
  line       { product, name, kind, quantity, unit, unitPrice, amount, discount, scannedAt }
             product, quantity, and unitPrice or amount are required

${CLOUD_HELP}`;

export const importCommand: Command = {
  name: 'import',
  summary: "post a till's CSV as receipts",
  help: HELP,
  async run(args, terminal) {
    const { values, positionals } = readOptions(
      args,
      {
        map: { type: 'string' },
        url: { type: 'string' },
        keys: { type: 'string' },
        'issue-keys': { type: 'boolean', default: false },
        'fill-down': { type: 'boolean', default: false },
        'in-flight': { type: 'string', default: String(IN_FLIGHT_DEFAULT) },
        patience: { type: 'string', default: PATIENCE_DEFAULT },
        ...MEMBERS_OPTIONS,
      },
      1,
    );
    const at = (path: string) => resolve(terminal.cwd, path);
    const csvPath = at(required(positionals[0], 'the CSV file'));
    if (values.map === undefined && (await isMemberListFile(csvPath, values.encoding))) {
      return await importMemberList(csvPath, values, terminal);
    }
    const mapPath = at(required(values.map, '--map'));
    const read = parseMapping(readJson(mapPath), mapPath);
    const mapping: Mapping = values['fill-down'] ? { ...read, fillDown: true } : read;
    const files = await openSourceFiles(csvPath, mapping);
    const progressBar = createProgressBar(terminal);
    if (values['dry-run']) {
      return await printTally(files, await chainAtHand(values, terminal), progressBar, terminal);
    }

    const requestsMax = Number(values['in-flight']);
    if (!Number.isInteger(requestsMax) || requestsMax < 1 || requestsMax > IN_FLIGHT_MAX) {
      throw usageError(`--in-flight must be a number from 1 to ${IN_FLIGHT_MAX}`);
    }
    const patienceMs = readDurationMs(values.patience, '--patience');
    const needsCloud = values.url === undefined || values['issue-keys'] || hasCloudOption(values);
    const cloud = needsCloud ? openCloud(values, terminal) : undefined;
    const url = required(values.url ?? cloud?.file.url, '--url');
    const keysPath = values.keys === undefined ? undefined : at(values.keys);
    const keys = keyRing(
      keysPath === undefined || (values['issue-keys'] && !existsSync(keysPath)) ? {} : readKeys(keysPath),
      values['issue-keys'] && cloud !== undefined ? issuer(cloud, terminal) : undefined,
      keysPath,
    );
    if (keysPath === undefined && !values['issue-keys']) throw usageError('--keys is missing');

    const outputs = join(outputFolder(values.state && at(values.state), csvPath), basename(csvPath));
    const identity = cloud?.file.dataDir ?? '';
    const fingerprint = await fingerprintOf(files.paths, [JSON.stringify(mapping), url, identity]);
    return await send({
      files,
      mapping,
      url,
      keyOf: keys.keyOf,
      requestsMax,
      patienceMs,
      checkpoints: fileCheckpoints<ImportState>(`${outputs}.checkpoint.json`, fingerprint, ImportState),
      rejectsPath: `${outputs}.rejects.csv`,
      isRestart: values.restart,
      cloud,
      progressBar,
      terminal,
    });
  },
};

const hasCloudOption = ({
  data,
  outputs,
}: {
  data?: string | undefined;
  outputs?: string | undefined;
}): boolean => data !== undefined || outputs !== undefined;

/** Returns the folder for checkpoint and rejects, which is created where it does not exist. */
function outputFolder(state: string | undefined, csvPath: string): string {
  if (state === undefined) return dirname(csvPath);
  try {
    mkdirSync(state, { recursive: true });
    return state;
  } catch (error) {
    throw new UserError(`cannot create the folder ${state} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Returns the chain of the cloud, to check receipts against; undefined, with a line that says so, where there is none. */
async function chainAtHand(
  options: { data?: string | undefined; outputs?: string | undefined },
  terminal: Terminal,
): Promise<DoorChain | undefined> {
  try {
    return await readChain(openCloud(options, terminal));
  } catch (error) {
    if (!(error instanceof UserError) || hasCloudOption(options)) throw error;
    terminal.err('No cloud: stores, currency and phones are not checked.\n');
    return undefined;
  }
}

async function readChain(cloud: Cloud): Promise<DoorChain> {
  const [chain, stores] = [await cloud.chain().chain(), await cloud.chain().stores()];
  return {
    stores: new Map(stores.map((store) => [store.storeId, store])),
    country: chain?.country,
    priceLimit: chain?.priceLimit,
    labels: chain?.labels,
  };
}

interface Job {
  readonly files: SourceFiles;
  readonly mapping: Mapping;
  readonly url: string;
  readonly keyOf: (store: string) => Promise<string>;
  readonly requestsMax: number;
  readonly patienceMs: number;
  readonly checkpoints: Checkpoints;
  readonly rejectsPath: string;
  readonly isRestart: boolean;
  /** The cloud whose tables say what became of the receipts; undefined where only its URL is known. */
  readonly cloud: Cloud | undefined;
  readonly progressBar: ProgressBar;
  readonly terminal: Terminal;
}

async function send(job: Job): Promise<number> {
  const { files, url, checkpoints, rejectsPath, progressBar, terminal } = job;
  const previous = loadResumable(checkpoints, rejectsPath, job.isRestart);
  const rejects = openRejectsFile(rejectsPath, previous?.rejectsBytes ?? 0, [
    ...REJECTS_HEADER,
    ...files.header,
  ]);
  progressBar.print(
    previous === undefined
      ? `Posting to ${url}.`
      : `Posting to ${url}, resuming after row ${previous.rowsDone}.`,
  );
  const startedAtMs = terminal.nowMs();
  let current = previous;
  const doneInThisRun = () => (current?.receipts ?? 0) - (previous?.receipts ?? 0);
  let phase: 'scanning' | 'posting' | 'counting' = 'scanning';
  let rowsOfFile = 0;
  let counted = 0;
  const check = await countCheckOf(job);
  const sample = () => {
    const done = doneInThisRun();
    if (phase === 'scanning') return { phase, fraction: files.fraction(), unit: 'receipts' };
    if (phase === 'posting') {
      const fraction =
        rowsOfFile === 0 ? files.fraction() : Math.min(1, (current?.rowsDone ?? 0) / rowsOfFile);
      return { phase, fraction, count: done, unit: 'receipts' };
    }
    const total = counted + (check?.waiting() ?? 0);
    return { phase, fraction: total === 0 ? 1 : counted / total, count: counted, unit: 'receipts' };
  };
  const timer = setInterval(() => progressBar.update(sample()), REDRAW_EVERY_MS);
  try {
    const { isComplete, state } = await importReceipts(
      {
        files,
        checkpoints,
        stop: terminal.stop,
        requestsMax: job.requestsMax,
        nowMs: terminal.nowMs,
        reject: rejects.write,
        onAccepted: ({ json, entry }) => check?.add(entry.store, json),
        onRows: (rows) => {
          rowsOfFile = rows;
          phase = 'posting';
        },
        onState: (now) => {
          current = now;
        },
        senderWith: (stop) => senderOf(job, stop),
      },
      previous,
    );
    phase = 'counting';
    if (isComplete) await check?.finish(job.patienceMs, (so) => (counted = so));
    progressBar.end();
    const final = { ...state, conflicts: check?.conflicts().length ?? 0 };
    terminal.out(summaryOf(final, doneInThisRun(), terminal.nowMs() - startedAtMs, rejectsPath));
    if (isComplete) terminal.out(outcomeText(check));
    if (!isComplete) {
      terminal.err('Stopped. Re-run the same command to resume.\n');
      return EXIT.stopped;
    }
    const isAllCounted = final.refused + final.invalidRows + final.conflicts + (check?.waiting() ?? 0) === 0;
    return isAllCounted ? EXIT.ok : EXIT.rejects;
  } finally {
    clearInterval(timer);
    progressBar.end();
    rejects.close();
  }
}

interface ImportCheck extends Omit<CountCheck, 'add'> {
  /** Adds an accepted receipt by its JSON. */
  add(store: string, json: string): void;
}

/** Returns the check of what became of the receipts; undefined where the tables of the cloud cannot be read. */
async function countCheckOf({ cloud, terminal }: Job): Promise<ImportCheck | undefined> {
  if (cloud?.file.tables.facts === undefined) return undefined;
  const admit = doorOf(await readChain(cloud), terminal.nowMs);
  const check = createCountCheck({
    facts: cloud.facts(),
    nowMs: terminal.nowMs,
    wait: (ms) => sleep(ms, undefined, { signal: terminal.stop }).catch(() => undefined),
    stop: terminal.stop,
  });
  return {
    ...check,
    add(store, json) {
      const admitted = admit(store, JSON.parse(json) as object);
      if (admitted.kind === 'admitted') check.add(admitted.receipt);
    },
  };
}

const CONFLICTS_PRINTED_MAX = 20;

function outcomeText(check: ImportCheck | undefined): string {
  if (check === undefined) {
    return 'Whether the receipts are counted was not checked: pass --data or --outputs, or run it where the cloud is known.\n';
  }
  const waiting = check.waiting();
  const late =
    waiting === 0
      ? ''
      : `${number(waiting)} receipts are not counted yet; check: aisle import … again later\n`;
  const conflicts = check.conflicts();
  if (conflicts.length === 0) return `${late}${waiting === 0 ? 'All accepted receipts are counted.\n' : ''}`;
  const lines = conflicts
    .slice(0, CONFLICTS_PRINTED_MAX)
    .map(
      ({ receipt }) =>
        `    ${receipt.storeId}, till ${receipt.tillId}, ${receipt.businessDay}, no. ${receipt.receiptNo}: ${formatAmount(totalOf(receipt))} is not counted\n`,
    );
  return (
    `${late}In conflict with another receipt of the same number, and not counted:\n${lines.join('')}` +
    'Compare and settle them: aisle conflicts list\n'
  );
}

function senderOf({ url, keyOf, patienceMs, progressBar, terminal }: Job, stop: AbortSignal): Sender {
  return createSender({
    url,
    keyOf,
    post: fetch,
    nowMs: terminal.nowMs,
    random: Math.random,
    patienceMs,
    stop,
    wait: (ms) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    onConnection: (lostBecause) =>
      progressBar.print(
        lostBecause === undefined ? 'Connected again.' : `Lost connection (${lostBecause}); retrying …`,
      ),
  });
}

/** Returns a function that issues keys on a local cloud. On AWS, issuing a key is a deliberate step of an operator. */
function issuer(cloud: Cloud, terminal: Terminal): (store: string) => Promise<string> {
  if (!cloud.isLocal) throw new UserError('--issue-keys needs a local cloud; on AWS use: aisle keys issue');
  return async (store) => {
    const { storeId } = await requireStore(cloud, store);
    const [receipts] = DEVICE_KINDS;
    const devices = cloud.devices();
    for (const { keyId, deviceId, ...key } of await devices.list()) {
      const isReplaced =
        deviceId === IMPORT_DEVICE && key.storeId === storeId && key.revokedAtMs === undefined;
      if (isReplaced) await devices.revoke(keyId, terminal.nowMs());
    }
    return await issueKey(devices, { deviceId: IMPORT_DEVICE, storeId, kinds: [receipts] }, terminal.nowMs());
  };
}

const number = (count: number): string => count.toLocaleString('en');
const skippedLines = (skipped: Readonly<Record<string, number>>): string =>
  Object.entries(skipped)
    .map(([reason, count]) => `  skipped   ${number(count)} rows: ${reason}\n`)
    .join('');

function summaryOf(state: ImportState, sent: number, tookMs: number, rejectsPath: string): string {
  const rate = tookMs === 0 ? '' : `, ${number(Math.round((sent * 1_000) / tookMs))} receipts/s`;
  const invalid = state.invalidRows === 0 ? '' : `  invalid   ${number(state.invalidRows)} rows\n`;
  const corrected =
    state.namesCorrected === 0 ? '' : `  corrected ${number(state.namesCorrected)} product names\n`;
  const rejects = state.rejectsBytes === 0 ? '' : `  rejects   ${rejectsPath}\n`;
  const conflicts = state.conflicts === 0 ? '' : `, in conflict ${number(state.conflicts)}`;
  const phones =
    state.phonesDropped === 0
      ? ''
      : `  phones    ${number(state.phonesDropped)} cannot be read and were left out\n`;
  if (state.rows === 0) return 'The file has a header and no rows; nothing to import.\n';
  return (
    `${number(state.rows)} rows, ${number(state.receipts)} receipts\n` +
    `  accepted  ${number(state.accepted)}${conflicts}\n  refused   ${number(state.refused)}\n` +
    `${skippedLines(state.skipped)}${invalid}${reasonLines(state.reasons)}${corrected}${phones}${rejects}` +
    `This run: ${number(sent)} receipts in ${formatDuration(tookMs)}${rate}\n`
  );
}

async function printTally(
  files: SourceFiles,
  chain: DoorChain | undefined,
  progressBar: ProgressBar,
  terminal: Terminal,
): Promise<number> {
  const timer = setInterval(
    () => progressBar.update({ phase: 'reading', fraction: files.fraction(), unit: 'receipts' }),
    REDRAW_EVERY_MS,
  );
  const tally = await dryRun(files, terminal.stop, doorOf(chain, terminal.nowMs)).finally(() =>
    clearInterval(timer),
  );
  progressBar.end();
  if (terminal.stop.aborted) return EXIT.stopped;
  terminal.out(tallyText(tally));
  return tally.invalid + tally.repeated > 0 ? EXIT.rejects : EXIT.ok;
}

function tallyText(tally: Tally): string {
  const money = (amount: bigint) => formatAmount(amount as Amount);
  const net = tally.grossSales - tally.discounts - tally.returns;
  const errors = tally.errors.map((error) => `    ${error}\n`).join('');
  if (tally.rows === 0) return 'The file has a header and no rows; nothing to import.\n';
  const phones = tally.phonesDropped;
  return (
    `${number(tally.rows)} rows, ${number(tally.receipts)} receipts of ${tally.stores.size} stores; nothing sent\n` +
    `  transactions     ${tally.transactions}\n` +
    `  units            ${tally.units}\n` +
    `  gross sales      ${money(tally.grossSales)}\n` +
    `  discounts        ${money(tally.discounts)}\n` +
    `  return receipts  ${tally.returnReceipts}\n` +
    `  return units     ${tally.returnUnits}\n` +
    `  returns          ${money(tally.returns)}\n` +
    `  net sales        ${money(net)}\n` +
    `  scattered        ${tally.scattered}\n` +
    `${tally.namesCorrected === 0 ? '' : `  corrected        ${number(tally.namesCorrected)} product names\n`}` +
    `${skippedLines(tally.skipped)}` +
    `${phones === 0 ? '' : `  phones           ${number(phones)} cannot be read and would be left out\n`}` +
    `${tally.repeated === 0 ? '' : `  in conflict      ${number(tally.repeated)} receipts have the number of an earlier one\n`}` +
    `${tally.invalid === 0 ? '' : `  would be refused ${number(tally.invalid)}\n${reasonLines(tally.reasons)}  first errors:\n${errors}`}` +
    `  stores           ${[...tally.stores.keys()].sort().join(' ')}\n`
  );
}
