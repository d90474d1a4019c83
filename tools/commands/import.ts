/**
 * `aisle import`: a till's CSV into the chain, through the same door as a till. A register of members is known by its header
 * and taken in as `aisle members import` would.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEVICE_KINDS } from '#domain/chain/device-key.ts';
import type { DeviceId, StoreId } from '#domain/chain/ids.ts';
import { type Amount, formatAmount } from '#domain/chain/money.ts';
import { CLOUD_HELP, type Cloud, openCloud, readJson } from '../cloud.ts';
import {
  type Command,
  EXIT,
  readOptions,
  required,
  type Terminal,
  UserError,
  usageError,
} from '../command.ts';
import { type Checkpoints, fileCheckpoints, fingerprintOf, RECEIPTS_PROGRESS } from '../import/checkpoint.ts';
import { dryRun, type Tally } from '../import/dry-run.ts';
import { importReceipts } from '../import/import-receipts.ts';
import type { Progress } from '../import/import-state.ts';
import { keyRing, readKeys } from '../import/key-ring.ts';
import { REJECTS_HEADER } from '../import/ledger.ts';
import { type Mapping, parseMapping } from '../import/mapping.ts';
import { createMeter, type Meter } from '../import/progress-bar.ts';
import { areWhole, openRejects } from '../import/rejects-file.ts';
import { createSender } from '../import/sender.ts';
import { openSourceFiles, type SourceFiles } from '../import/source-files.ts';
import { TIME_FORMAT_HELP } from '../import/values.ts';
import { formatDuration, readDurationMs } from '../input/duration.ts';
import { issueKey } from '../issue-key.ts';
import { importRegister, isRegisterFile, MEMBERS_OPTIONS } from './members.ts';

const IN_FLIGHT_DEFAULT = 8;
const IN_FLIGHT_MAX = 64;
const PATIENCE_DEFAULT = '10m';
const METER_EVERY_MS = 200;
const IMPORT_DEVICE = 'import' as DeviceId;

const HELP = `Usage: aisle import receipts.csv --map map.json --dry-run
       aisle import receipts.csv --map map.json [--url URL] --keys keys.json
       aisle import receipts.csv --map map.json --issue-keys            (local cloud only)
       aisle import members.csv                                         (see: aisle members import --help)

Posts a till's CSV as receipts, through the same door as the tills. It may be run as often as you like:
a receipt counts once. Killed or stopped (Ctrl+C), the same command goes on where it was.

  --map FILE       how the CSV becomes receipts; see below
  --dry-run        reads and checks everything, adds the figures up, sends nothing
  --url URL        where the API is; otherwise that of the cloud (see Which cloud)
  --keys FILE      one key ("aisle_…"), or one per store: { "sz01": "aisle_…" }
  --issue-keys     makes the keys that are missing, and writes them into --keys FILE if given
  --in-flight N    requests at once, ${IN_FLIGHT_DEFAULT} where left out
  --patience TIME  how long a server that is away is waited for, ${PATIENCE_DEFAULT} where left out
  --state DIR      where the checkpoint and the rejects go; beside the CSV where left out
  --restart        begins anew, whatever an earlier run has done

The CSV may be gzipped (.gz), of any size: it is read in two passes and never held whole. Rows of a
receipt that do not stand together are found in the first pass, held in memory, and sent last.
What is refused is written to <csv>.rejects.csv: the line, the receipt, the reason and the row.
Ends with 0 when all was accepted, 3 when some was refused, 130 when stopped.

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
  numbers    { "decimal": "." | ",", "thousands": "," }; currency signs and spaces are passed over,
             and (5.00) or 5.00- is below 0
  times      { "format": "YYYY-MM-DD HH:mm:ss", "timeOfDay": "12:00:00" }
             ${TIME_FORMAT_HELP};
             times are the store's wall clock; timeOfDay is for formats without one
  receiptBy  [sources] in which rows of one receipt agree, beside the store; without it each row is a receipt
  closesWith "first" | "last": the row whose time closes the receipt; last where left out
  skip       [{ "reason": "…", "when": condition }]; the first that is met counts
  isReturn   condition for rows that bring pieces back; their quantity is then below 0, however written
  receipt    { store, till, receiptNo, closedAt, businessDay, currency, cashier, phone, memberNo,
               discount, payments: [{ method, amount }] }   the first four are needed
  line       { product, name, quantity, unitPrice, discount, scannedAt }
             product, quantity and unitPrice are needed

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
        'in-flight': { type: 'string', default: String(IN_FLIGHT_DEFAULT) },
        patience: { type: 'string', default: PATIENCE_DEFAULT },
        ...MEMBERS_OPTIONS,
      },
      1,
    );
    const at = (path: string) => resolve(terminal.cwd, path);
    const csvPath = at(required(positionals[0], 'the CSV file'));
    if (values.map === undefined && (await isRegisterFile(csvPath, values.encoding))) {
      return await importRegister(csvPath, values, terminal);
    }
    const mapPath = at(required(values.map, '--map'));
    const mapping = parseMapping(readJson(mapPath), mapPath);
    const files = await openSourceFiles(csvPath, mapping);
    const meter = createMeter(terminal);
    if (values['dry-run']) return await tellTally(files, meter, terminal);

    const requestsMax = Number(values['in-flight']);
    if (!Number.isInteger(requestsMax) || requestsMax < 1 || requestsMax > IN_FLIGHT_MAX) {
      throw usageError(`--in-flight takes a number from 1 to ${IN_FLIGHT_MAX}`);
    }
    const patienceMs = readDurationMs(values.patience, '--patience');
    const needsCloud = values.url === undefined || values['issue-keys'];
    const cloud = needsCloud ? openCloud(values, terminal) : undefined;
    const url = required(values.url ?? cloud?.file.url, '--url');
    const keysPath = values.keys === undefined ? undefined : at(values.keys);
    const keys = keyRing(
      keysPath === undefined || (values['issue-keys'] && !existsSync(keysPath)) ? {} : readKeys(keysPath),
      values['issue-keys'] && cloud !== undefined ? issuer(cloud, terminal) : undefined,
      keysPath,
    );
    if (keysPath === undefined && !values['issue-keys']) throw usageError('--keys is missing');

    const outputs = join(values.state === undefined ? dirname(csvPath) : at(values.state), basename(csvPath));
    const identity = cloud?.file.dataDir ?? '';
    const fingerprint = await fingerprintOf(files.paths, [JSON.stringify(mapping), url, identity]);
    return await send({
      files,
      mapping,
      url,
      keyOf: keys.keyOf,
      requestsMax,
      patienceMs,
      checkpoints: fileCheckpoints(`${outputs}.checkpoint.json`, fingerprint, RECEIPTS_PROGRESS),
      rejectsPath: `${outputs}.rejects.csv`,
      isRestart: values.restart,
      meter,
      terminal,
    });
  },
};

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
  readonly meter: Meter;
  readonly terminal: Terminal;
}

async function send(job: Job): Promise<number> {
  const { files, url, keyOf, checkpoints, rejectsPath, meter, terminal } = job;
  const known = job.isRestart ? undefined : checkpoints.load();
  const begun = known !== undefined && areWhole(rejectsPath, known.rejectsBytes) ? known : undefined;
  const rejects = openRejects(rejectsPath, begun?.rejectsBytes ?? 0, [...REJECTS_HEADER, ...files.header]);
  meter.say(
    begun === undefined ? `Posting to ${url}.` : `Posting to ${url}, going on after row ${begun.rowsDone}.`,
  );
  const startedAtMs = terminal.nowMs();
  let booked: Progress | undefined = begun;
  const settled = () => (booked?.receipts ?? 0) - (begun?.receipts ?? 0);
  let doing = 'looking through';
  const timer = setInterval(
    () =>
      meter.tick({
        doing,
        fraction: files.fraction(),
        count: doing === 'posting' ? settled() : undefined,
        things: 'receipts',
      }),
    METER_EVERY_MS,
  );
  try {
    const { isComplete, progress } = await importReceipts(
      {
        files,
        checkpoints,
        stop: terminal.stop,
        requestsMax: job.requestsMax,
        nowMs: terminal.nowMs,
        reject: rejects.write,
        onProgress: (progress) => {
          doing = 'posting';
          booked = progress;
        },
        senderWith: (stop) =>
          createSender({
            url,
            keyOf,
            post: fetch,
            nowMs: terminal.nowMs,
            random: Math.random,
            patienceMs: job.patienceMs,
            stop,
            wait: (ms) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
            onAway: (why) =>
              meter.say(
                why === undefined ? 'The server is there again.' : `The server is away (${why}); waiting …`,
              ),
          }),
      },
      begun,
    );
    meter.end();
    terminal.out(summaryOf(progress, settled(), terminal.nowMs() - startedAtMs, rejectsPath));
    if (!isComplete) {
      terminal.err('Stopped. The same command goes on from here.\n');
      return EXIT.stopped;
    }
    return progress.refused + progress.faultyRows > 0 ? EXIT.rejects : EXIT.ok;
  } finally {
    clearInterval(timer);
    meter.end();
    rejects.close();
  }
}

/** Makes keys on a local cloud. On AWS a person does that, once, and knows of it. */
function issuer(cloud: Cloud, terminal: Terminal): (store: string) => Promise<string> {
  if (!cloud.isLocal) throw new UserError('--issue-keys is for a local cloud; on AWS: aisle keys issue');
  return async (store) => {
    const storeId = store as StoreId;
    if ((await cloud.chain().store(storeId)) === undefined) {
      throw new UserError(`there is no store ${store} in the chain; see: aisle stores import --help`);
    }
    const [receipts] = DEVICE_KINDS;
    return await issueKey(
      cloud.devices(),
      { deviceId: IMPORT_DEVICE, storeId, kinds: [receipts] },
      terminal.nowMs(),
    );
  };
}

const number = (count: number): string => count.toLocaleString('en');
const skippedLines = (skipped: Readonly<Record<string, number>>): string =>
  Object.entries(skipped)
    .map(([reason, count]) => `  skipped   ${number(count)} rows: ${reason}\n`)
    .join('');

function summaryOf(progress: Progress, sent: number, tookMs: number, rejectsPath: string): string {
  const rate = tookMs === 0 ? '' : `, ${number(Math.round((sent * 1_000) / tookMs))} receipts/s`;
  const faulty = progress.faultyRows === 0 ? '' : `  unreadable ${number(progress.faultyRows)} rows\n`;
  const mended =
    progress.namesMended === 0 ? '' : `  mended    ${number(progress.namesMended)} names of products\n`;
  const rejects = progress.rejectsBytes === 0 ? '' : `  rejects   ${rejectsPath}\n`;
  return (
    `${number(progress.rows)} rows, ${number(progress.receipts)} receipts\n` +
    `  accepted  ${number(progress.accepted)}\n  refused   ${number(progress.refused)}\n` +
    `${skippedLines(progress.skipped)}${faulty}${mended}${rejects}` +
    `This run: ${number(sent)} receipts in ${formatDuration(tookMs)}${rate}\n`
  );
}

async function tellTally(files: SourceFiles, meter: Meter, terminal: Terminal): Promise<number> {
  const timer = setInterval(
    () => meter.tick({ doing: 'reading', fraction: files.fraction(), things: 'receipts' }),
    METER_EVERY_MS,
  );
  const tally = await dryRun(files, terminal.stop).finally(() => clearInterval(timer));
  meter.end();
  if (terminal.stop.aborted) return EXIT.stopped;
  terminal.out(tallyText(tally));
  return tally.faulty > 0 ? EXIT.rejects : EXIT.ok;
}

function tallyText(tally: Tally): string {
  const money = (amount: bigint) => formatAmount(amount as Amount);
  const net = tally.grossSales - tally.discounts - tally.returns;
  const faults = tally.faults.map((fault) => `    ${fault}\n`).join('');
  return (
    `${number(tally.rows)} rows, ${number(tally.receipts)} receipts of ${tally.stores.size} stores; nothing was sent\n` +
    `  transactions     ${tally.transactions}\n` +
    `  units            ${tally.units}\n` +
    `  gross sales      ${money(tally.grossSales)}\n` +
    `  discounts        ${money(tally.discounts)}\n` +
    `  return receipts  ${tally.returnReceipts}\n` +
    `  return units     ${tally.returnUnits}\n` +
    `  returns          ${money(tally.returns)}\n` +
    `  net sales        ${money(net)}\n` +
    `  scattered        ${tally.scattered}\n` +
    `${tally.namesMended === 0 ? '' : `  mended           ${number(tally.namesMended)} names of products\n`}` +
    `${skippedLines(tally.skipped)}` +
    `${tally.faulty === 0 ? '' : `  would be refused ${number(tally.faulty)}, the first of them:\n${faults}`}` +
    `  stores           ${[...tally.stores.keys()].sort().join(' ')}\n`
  );
}
