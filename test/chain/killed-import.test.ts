/**
 * Power cuts. A chain imports its past into a local cloud, run as `npm start` runs it; halfway the import and the cloud are
 * killed, both without warning; both start again on the data they left. No receipt may be missing, and none may count twice.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { aisle, type CloudProcess, startCloudProcess } from '../support/cloud-process.ts';
import { allGone, descendants } from '../support/processes.ts';
import { type Reader, readerOf, valueIn } from '../verify/figures.ts';

const STORES = ['sz01', 'gz01'];
/** More than are counted between the first figure and the power cut. */
const RECEIPTS = 3_000;
const DAYS = 4;
const PRODUCTS = 5;
const TEST_MS_MAX = 480_000;
const COUNTED_MS_MAX = 300_000;
const work = mkdtempSync(join(tmpdir(), 'aisle-killed-'));
const data = join(work, 'data');
const csv = join(work, 'receipts.csv');
const map = join(work, 'map.json');
let cloud: CloudProcess | undefined;
afterAll(async () => {
  await cloud?.stop();
  rmSync(work, { recursive: true, force: true });
});

const dayOf = (index: number): string => `2026-03-${String(1 + (index % DAYS)).padStart(2, '0')}`;
const centsOf = (index: number): number => 100 + ((index * 37) % 9_000);

function writePast(): void {
  const rows = Array.from({ length: RECEIPTS }, (_, index) =>
    [
      STORES[index % STORES.length],
      index,
      `${dayOf(index)} 10:${String(index % 60).padStart(2, '0')}:00`,
      `P${index % PRODUCTS}`,
      2,
      (centsOf(index) / 100).toFixed(2),
    ].join(','),
  );
  writeFileSync(csv, `store,no,time,product,pieces,price\n${rows.join('\n')}\n`);
  writeFileSync(
    map,
    JSON.stringify({
      times: { format: 'YYYY-MM-DD HH:mm:ss' },
      receipt: { store: 'store', till: { constant: '1' }, receiptNo: 'no', closedAt: 'time' },
      line: { product: 'product', quantity: 'pieces', unitPrice: 'price' },
    }),
  );
}

const importing = () =>
  aisle([
    'import',
    csv,
    '--map',
    map,
    '--data',
    data,
    '--issue-keys',
    '--keys',
    join(work, 'keys.json'),
    '--in-flight',
    '1',
  ]);

async function run(...args: string[]): Promise<void> {
  const { code, output } = await aisle([...args, '--data', data]).done;
  expect(code, output).toBe(0);
}

/** The receipts that are counted of one store, over all days or on one of them, which is cheaper to read. */
async function countedOf(read: Reader, store: string, to = '2026-03-31'): Promise<number> {
  const { total } = await read.figures(`store:${store}`, '2026-03-01', to);
  return Number(valueIn(total.figures, 'transactions') / 10_000n);
}

async function countedInAll(read: Reader) {
  const { total, series } = await read.figures('chain', '2026-03-01', '2026-03-31');
  return {
    receipts: valueIn(total.figures, 'transactions') / 10_000n,
    gross: valueIn(total.figures, 'grossSales'),
    days: series.length,
  };
}

describe('an import through a power cut', { timeout: TEST_MS_MAX }, () => {
  it('loses nothing, counts nothing twice and leaves no process running', async () => {
    writePast();
    cloud = await startCloudProcess(data);
    await run('chain', 'set', '--name', 'Chain', '--currency', 'CNY');
    for (const id of STORES) {
      await run(
        'stores',
        'put',
        '--id',
        id,
        '--name',
        id,
        '--city',
        id.slice(0, 2),
        '--region',
        'south',
        '--time-zone',
        'Asia/Shanghai',
        '--tills',
        '1',
      );
    }
    const first = importing();
    const before = cloud;
    const readBefore = await readerOf(before);
    await vi.waitFor(
      async () => expect(await countedOf(readBefore, 'sz01', '2026-03-01')).toBeGreaterThan(0),
      { timeout: COUNTED_MS_MAX, interval: 100 },
    );
    // There is something to interrupt: of each store the import still sends, or what it sent is still being counted.
    for (const store of STORES)
      expect(await countedOf(readBefore, store)).toBeLessThan(RECEIPTS / STORES.length);
    const helpers = descendants(before.pid);
    expect(helpers.length).toBeGreaterThan(0);
    await before.kill();
    first.kill();
    await first.done;
    await allGone(helpers);

    cloud = await startCloudProcess(data);
    const { code, output } = await importing().done;
    expect(code, output).toBe(0);
    const gross = Array.from({ length: RECEIPTS }, (_, index) => BigInt(centsOf(index)) * 2n * 100n).reduce(
      (a, b) => a + b,
      0n,
    );
    const after = cloud;
    const readAfter = await readerOf(after);
    await vi.waitFor(
      async () =>
        expect(await countedInAll(readAfter)).toEqual({ receipts: BigInt(RECEIPTS), gross, days: DAYS }),
      { timeout: COUNTED_MS_MAX, interval: 500 },
    );
    expect(await after.stop()).toBe(0);
  });
});
