/**
 * `npm run verify:faulty`
 *
 * Imports files as tills and spreadsheets damage them, with the `aisle` command into a running local cloud, each into a store
 * of its own where its mapping lets it, and compares the exit code, the words and the figures with what is right. Skipped,
 * with the reason, where the files are not there.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AisleRun, aisle, type CloudProcess, startCloudProcess } from '../support/cloud-process.ts';
import { exact, type Reader, readerOf, valueIn } from './figures.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'faulty-csv');
const POLL_MS = 250;
const SETTLE_MS_MAX = 60_000;
/** All files are of this month. */
const [FROM, TO] = ['2026-11-01', '2026-11-30'] as const;

/** One import and what is right of it. */
interface Case {
  readonly what: string;
  readonly file: string;
  readonly map: string;
  readonly args?: readonly string[];
  readonly code: number;
  /** What the output and the rejects file have to say. */
  readonly says?: RegExp;
  /** What the store holds afterwards. */
  readonly transactions: number;
  readonly netSales: string;
}

/** Each list is imported into one store that is empty before. */
const CASES: ReadonlyArray<readonly Case[]> = [
  [
    {
      what: 'a receipt with an unreadable row is refused whole',
      file: 'q3.csv',
      map: 'q.json',
      code: 3,
      transactions: 0,
      netSales: '0',
    },
    {
      what: 'the corrected file is then counted whole',
      file: 'q3fixed.csv',
      map: 'q.json',
      args: ['--restart'],
      code: 0,
      transactions: 1,
      netSales: '8',
    },
  ],
  [
    {
      what: 'merged cells are asked about',
      file: 'mc.csv',
      map: 'mi.json',
      code: 3,
      says: /cells are merged/i,
      transactions: 0,
      netSales: '0',
    },
    {
      what: 'merged cells are filled down on request',
      file: 'mc.csv',
      map: 'mi.json',
      args: ['--fill-down', '--restart'],
      code: 0,
      transactions: 2,
      netSales: '75',
    },
  ],
  [
    {
      what: 'the first part of a receipt is counted',
      file: 'part1.csv',
      map: 'mi.json',
      code: 0,
      transactions: 1,
      netSales: '10',
    },
    {
      what: 'the second part is a conflict that the import names',
      file: 'part2.csv',
      map: 'mi.json',
      code: 3,
      says: /in conflict/i,
      transactions: 1,
      netSales: '10',
    },
  ],
  [
    {
      what: 'shortened numbers are refused with the remedy',
      file: 'sci.csv',
      map: 'm1.json',
      code: 3,
      says: /spreadsheet/i,
      transactions: 0,
      netSales: '0',
    },
  ],
  [
    {
      what: 'numbers that two tills and two days use are five receipts',
      file: 'reuse.csv',
      map: 'm1.json',
      code: 0,
      transactions: 5,
      netSales: '26',
    },
  ],
  [
    {
      what: 'undeclared separators are faults of their rows',
      file: 'eu.csv',
      map: 'eu.json',
      code: 3,
      transactions: 1,
      netSales: '4.5',
    },
  ],
  [
    {
      what: 'thousands stand in groups of three',
      file: 'us.csv',
      map: 'us.json',
      code: 3,
      transactions: 1,
      netSales: '1234.5',
    },
  ],
  [
    {
      what: 'refunds are read in all four spellings',
      file: 'ref.csv',
      map: 'ref.json',
      code: 0,
      transactions: 1,
      netSales: '-285',
    },
  ],
  [
    {
      what: "a receipt's discount is spread over its returned lines",
      file: 'ref.csv',
      map: 'refd.json',
      code: 0,
      transactions: 1,
      netSales: '-285',
    },
  ],
  [
    {
      what: 'an unreadable phone costs the phone and not the sale',
      file: 'phone.csv',
      map: 'm1.json',
      code: 0,
      says: /phone/i,
      transactions: 6,
      netSales: '18',
    },
  ],
  [
    {
      what: 'two columns of one name are a fault of the file',
      file: 'dup.csv',
      map: 'dup.json',
      code: 1,
      says: /Qty/,
      transactions: 0,
      netSales: '0',
    },
  ],
  [
    {
      what: 'a file in GBK is read with its encoding',
      file: 'cn-gbk.csv',
      map: 'cng.json',
      code: 0,
      transactions: 1,
      netSales: '3',
    },
  ],
];

let isRight = true;
function report(holds: boolean, what: string, why = ''): void {
  console.log(`  ${holds ? 'held ' : 'WRONG'}  ${what}${holds || why === '' ? '' : `: ${why}`}`);
  isRight &&= holds;
}

/** Returns a mapping as it is, with another constant store. */
function mappingFor(name: string, storeId: string, work: string): string {
  const mapping = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { receipt: { store: unknown } };
  mapping.receipt.store = { constant: storeId };
  const path = join(work, `${storeId}-${name}`);
  writeFileSync(path, JSON.stringify(mapping));
  return path;
}

async function importing(
  { file, map, args = [] }: Case,
  storeId: string,
  cloud: CloudProcess,
  work: string,
): Promise<AisleRun> {
  const csv = join(work, `${storeId}-${file}`);
  writeFileSync(csv, readFileSync(join(FOLDER, file)));
  const path = mappingFor(map, storeId, work);
  const run = ['import', csv, '--map', path, '--data', cloud.dataDir, '--issue-keys', '--state', work];
  const { code, output } = await aisle([...run, '--keys', join(work, 'keys.json'), ...args]).done;
  const rejects = join(work, `${storeId}-${file}.rejects.csv`);
  return { code, output: output + (existsSync(rejects) ? readFileSync(rejects, 'utf8') : '') };
}

/** Compares what a store holds, once it is counted. */
async function holds(one: Case, storeId: string, read: Reader): Promise<string> {
  const until = performance.now() + SETTLE_MS_MAX;
  for (;;) {
    const { total } = await read.figures(`store:${storeId}`, FROM, TO);
    const found = [valueIn(total.figures, 'transactions'), valueIn(total.figures, 'netSales')];
    const wanted = [exact(one.transactions), exact(one.netSales)];
    if (String(found) === String(wanted)) return '';
    if (performance.now() > until) return `holds ${found} instead of ${wanted} ten-thousandths`;
    await pause(POLL_MS);
  }
}

async function run(cloud: CloudProcess, ...args: string[]): Promise<AisleRun> {
  return await aisle([...args, '--data', cloud.dataDir]).done;
}

async function verifyReceipts(cloud: CloudProcess, read: Reader, work: string): Promise<void> {
  for (const [index, cases] of CASES.entries()) {
    const storeId = `f${index}`;
    await run(
      cloud,
      ...['stores', 'put', '--id', storeId, '--name', storeId, '--city', 'sz', '--region', 'south'].concat([
        '--time-zone',
        'Asia/Shanghai',
        '--tills',
        '1',
      ]),
    );
    for (const one of cases) {
      const { code, output } = await importing(one, storeId, cloud, work);
      const why =
        code !== one.code
          ? `exit code ${code} instead of ${one.code}: ${output.slice(-600)}`
          : one.says?.test(output) === false
            ? `does not say ${one.says}: ${output.slice(-600)}`
            : await holds(one, storeId, read);
      report(why === '', `${one.file}: ${one.what}`, why);
    }
  }
}

/** A dry run may promise nothing that the import then refuses. */
async function verifyDryRun(cloud: CloudProcess, work: string): Promise<void> {
  const one = { what: '', file: 'cr.csv', map: 'cr.json', code: 0, transactions: 0, netSales: '0' };
  const dry = await importing({ ...one, args: ['--dry-run'] }, 'f0', cloud, work);
  const real = await importing(one, 'f0', cloud, work);
  const same = (dry.code === 0) === (real.code === 0);
  report(same, 'cr.csv: the dry run refuses what the import refuses', `${dry.output}\n${real.output}`);
}

/** Tables beside the receipts: stores, stock and members. */
async function verifyTables(cloud: CloudProcess, work: string): Promise<void> {
  const put = ['stores', 'put', '--id', 'n1', '--name', 'n1', '--city', 'sz', '--region', 'south'];
  await run(cloud, ...put, '--time-zone', 'Asia/Shanghai', '--tills', '1');
  const tables: ReadonlyArray<
    readonly [what: string, kind: string, file: string, code: number, says: RegExp]
  > = [
    ['a GBK table is refused for its encoding', 'stores', 'st-gbk.csv', 1, /encod|UTF-8/i],
    ['shortened product numbers are refused', 'stock', 'stk.csv', 3, /spreadsheet/i],
    ['shortened member numbers are refused', 'members', 'mk.csv', 3, /spreadsheet/i],
    ['a dated consent is taken', 'members', 'd1.csv', 0, /consents +1/],
    ['a dated consent read twice changes nothing', 'members', 'd1.csv', 0, /existing +1 members/],
  ];
  for (const [what, kind, file, code, says] of tables) {
    const path = join(work, file);
    writeFileSync(path, readFileSync(join(FOLDER, file)));
    const found = await run(cloud, kind, 'import', path);
    const rejects = existsSync(`${path}.rejects.csv`) ? readFileSync(`${path}.rejects.csv`, 'utf8') : '';
    const output = found.output + rejects;
    report(
      found.code === code && says.test(output),
      `${file}: ${what}`,
      `exit code ${found.code}: ${output.slice(-600)}`,
    );
  }
}

if (!existsSync(FOLDER)) {
  console.log(`skipped: ${FOLDER} is not there`);
} else {
  const work = mkdtempSync(join(tmpdir(), 'aisle-faulty-'));
  const cloud = await startCloudProcess(join(work, 'data'));
  try {
    await run(cloud, 'chain', 'set', '--name', 'Chain', '--currency', 'CNY', '--country', 'CN');
    const read = await readerOf(cloud);
    await verifyReceipts(cloud, read, work);
    await verifyDryRun(cloud, work);
    await verifyTables(cloud, work);
  } finally {
    await cloud.stop();
    rmSync(work, { recursive: true, force: true });
  }
  if (!isRight) process.exitCode = 1;
}
