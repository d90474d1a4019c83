/**
 * `npm run verify:data [-- --set uci|maven] [--passes first,again,killed]`
 *
 * Imports real till data over HTTP into a running local cloud and compares every figure with reference answers; then
 * imports it again; then starts again on an empty cloud, kills the import and the cloud halfway without warning, starts
 * both again, and compares once more. Skipped, with the reason, where the data is not there.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { aisle, type CloudProcess, startCloudProcess } from '../support/cloud-process.ts';
import type { Check } from './check.ts';
import { DATA_SETS, type DataSet } from './data-sets.ts';
import { type Reader, readerOf } from './figures.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SHARED = process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data');
/** Counting runs behind sending on a laptop: the larger set is 829,262 receipts. */
const SETTLE_MS_MAX = 90 * 60_000;
const POLL_MS = 2_000;
const DIFFERENCES_TOLD_MAX = 10;

const { values } = parseArgs({
  options: {
    set: { type: 'string' },
    passes: { type: 'string', default: 'first,again,killed' },
  },
});
const passes = new Set(values.passes.split(','));
const wanted = DATA_SETS.filter((set) => values.set === undefined || values.set === set.name);
if (wanted.length === 0) throw new Error(`--set is one of: ${DATA_SETS.map((set) => set.name).join(', ')}`);

let isExact = true;

async function verify(set: DataSet, folder: string): Promise<void> {
  console.log(`${set.name}: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`);
  for (const remark of set.remarks) console.log(`  note  ${remark}`);
  if (passes.has('first') || passes.has('again')) {
    await inFolder(async (work) => {
      const cloud = await startCloudProcess(join(work, 'data'));
      try {
        await setUp(set, folder, cloud);
        if (passes.has('first')) await importAndCompare('first import', set, folder, work, cloud, []);
        if (passes.has('again'))
          await importAndCompare('imported again', set, folder, work, cloud, ['--restart']);
      } finally {
        await cloud.stop();
      }
    });
  }
  if (passes.has('killed')) await inFolder((work) => killedHalfway(set, folder, work));
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aisle-verify-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The import and then the cloud end without warning, at about half; both start again on what they left. */
async function killedHalfway(set: DataSet, folder: string, work: string): Promise<void> {
  const data = join(work, 'data');
  let cloud = await startCloudProcess(data);
  try {
    await setUp(set, folder, cloud);
    const halfway = Promise.withResolvers<void>();
    const importing = aisle(importArgs(set, folder, work, cloud, []), (text) => {
      const share = /([\d.]+)\s?%/.exec(text)?.[1];
      if (Number(share) >= 45) halfway.resolve();
    });
    const early = await Promise.race([halfway.promise, importing.done]);
    if (early !== undefined)
      throw new Error(`the import ended before it could be killed:\n${early.output.slice(-2_000)}`);
    importing.kill();
    await Promise.all([cloud.kill(), importing.done]);
    console.log('  killed  the import and the cloud, SIGKILL, at about half');
    cloud = await startCloudProcess(data);
    await importAndCompare('after the kill', set, folder, work, cloud, []);
  } finally {
    await cloud.stop();
  }
}

const importArgs = (
  set: DataSet,
  folder: string,
  work: string,
  cloud: CloudProcess,
  more: readonly string[],
): string[] => [
  'import',
  join(folder, set.csv),
  '--map',
  join(ROOT, set.map),
  '--data',
  cloud.dataDir,
  '--issue-keys',
  '--keys',
  join(work, 'keys.json'),
  '--state',
  work,
  ...more,
];

async function setUp(set: DataSet, folder: string, cloud: CloudProcess): Promise<void> {
  await run(['chain', 'set', '--name', set.name, '--currency', set.currency, '--data', cloud.dataDir]);
  const stores = set.stores(folder);
  const columns = ['id', 'name', 'city', 'region', 'timeZone', 'tills'] as const;
  const rows = stores.map((store) => columns.map((column) => `"${store[column]}"`).join(','));
  const file = join(cloud.dataDir, 'stores.csv');
  writeFileSync(file, `${columns.join(',')}\n${rows.join('\n')}\n`);
  await run(['stores', 'import', file, '--data', cloud.dataDir]);
}

async function run(args: readonly string[]): Promise<void> {
  const { code, output } = await aisle(args).done;
  if (code !== 0) throw new Error(`aisle ${args.join(' ')} ended with ${code}:\n${output}`);
}

const IMPORT_ENDS_WELL = [0, 3];

async function importAndCompare(
  what: string,
  set: DataSet,
  folder: string,
  work: string,
  cloud: CloudProcess,
  more: readonly string[],
): Promise<void> {
  const started = performance.now();
  const { code, output } = await aisle(importArgs(set, folder, work, cloud, more)).done;
  if (!IMPORT_ENDS_WELL.includes(code ?? -1))
    throw new Error(`the import ended with ${code}:\n${output.slice(-4_000)}`);
  const sentMs = performance.now() - started;
  const read = await readerOf(cloud);
  await mark(cloud, work, read);
  const { found, settledMs } = await settled(set, folder, read, started);
  const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
  console.log(`  ${what}: sent in ${minutes(sentMs)}, all figures there after ${minutes(settledMs)}`);
  for (const line of output.trim().split('\n').slice(-8)) console.log(`    ${line}`);
  console.log(`    ${found.agreed} figures equal the reference, ${found.differences.length} do not`);
  for (const difference of found.differences.slice(0, DIFFERENCES_TOLD_MAX))
    console.log(`    WRONG ${difference}`);
  if (found.differences.length > 0) isExact = false;
}

/**
 * A gift, at a price of 0, into every store after the import: it moves no figure that is compared, and once it is
 * counted everything before it in the log is.
 */
async function mark(cloud: CloudProcess, work: string, read: Reader): Promise<void> {
  const keys = (await import(join(work, 'keys.json'), { with: { type: 'json' } })) as {
    default: Record<string, string>;
  };
  const { stores } = await read.stores();
  const closedAt = new Date().toISOString();
  for (const store of stores) {
    const key = keys.default[store.id];
    if (key === undefined) continue;
    const receipt = {
      till: '1',
      receiptNo: `mark ${closedAt}`,
      closedAt,
      lines: [{ product: 'mark', quantity: 1, unitPrice: 0 }],
    };
    const answer = await fetch(`${cloud.url}/v1/receipts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ receipts: [receipt] }),
    });
    if (answer.status !== 202)
      throw new Error(`the mark of ${store.id} got ${answer.status}: ${await answer.text()}`);
  }
  const until = performance.now() + SETTLE_MS_MAX;
  for (const store of stores) {
    if (keys.default[store.id] === undefined) continue;
    for (;;) {
      const { total } = await read.figures(`store:${store.id}`, store.today, store.today);
      if (total.asOf !== null && Date.parse(total.asOf) >= Date.parse(closedAt)) break;
      if (performance.now() > until) throw new Error(`the mark of ${store.id} was never counted`);
      await pause(POLL_MS);
    }
  }
}

/** Sums above the stores follow within seconds, rankings within a minute. */
const SUMS_MS_MAX = 3 * 60_000;

async function settled(
  set: DataSet,
  folder: string,
  read: Reader,
  started: number,
): Promise<{ found: Check; settledMs: number }> {
  const until = performance.now() + SUMS_MS_MAX;
  for (;;) {
    const settledMs = performance.now() - started;
    const found = await set.compare(read, folder);
    if (found.differences.length === 0 || performance.now() > until) return { found, settledMs };
    await pause(POLL_MS);
  }
}

for (const set of wanted) {
  const folder = join(SHARED, set.folder);
  if (existsSync(join(folder, 'reference.json'))) await verify(set, folder);
  else console.log(`${set.name}: skipped, because ${folder} is not there`);
}
process.exitCode = isExact ? 0 : 1;
