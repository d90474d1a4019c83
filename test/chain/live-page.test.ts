/** The page as a manager sees it, in a real browser on the running local cloud: signed in, and moving as tills post. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aisle, type CloudProcess, startCloudProcess } from '../support/cloud-process.ts';
import { launchBrowser, mustSkipBrowser, WHY_SKIPPED } from '../web/support/browser.ts';

const TEST_MS_MAX = 120_000;
const SHOWN_MS_MAX = 30_000;

let work: string;
let cloud: CloudProcess;
let browser: Browser;
let key: string;

beforeAll(async () => {
  if (mustSkipBrowser) return;
  work = mkdtempSync(join(tmpdir(), 'aisle-page-'));
  cloud = await startCloudProcess(join(work, 'data'));
  browser = await launchBrowser();
  await run('chain', 'set', '--name', 'Chain', '--currency', 'CNY');
  await run(
    'stores',
    'put',
    '--id',
    'sz01',
    '--name',
    'Shenzhen Bay',
    '--city',
    'shenzhen',
    '--region',
    'south',
    '--time-zone',
    'Asia/Shanghai',
    '--tills',
    '1 2',
  );
  key =
    /aisle_\S+/.exec(
      await run('keys', 'issue', '--store', 'sz01', '--device', 'till-1', '--kinds', 'receipts'),
    )?.[0] ?? '';
}, TEST_MS_MAX);
afterAll(async () => {
  await browser?.close();
  await cloud?.stop();
  if (work) rmSync(work, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const { code, output } = await aisle([...args, '--data', cloud.dataDir]).done;
  expect(code, output).toBe(0);
  return output;
}

async function sell(receiptNo: string, unitPrice: string): Promise<void> {
  const receipt = {
    till: '1',
    receiptNo,
    closedAt: new Date().toISOString(),
    lines: [{ product: 'A1', name: 'Earphones', quantity: 1, unitPrice }],
  };
  const answer = await fetch(`${cloud.url}/v1/receipts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ receipts: [receipt] }),
  });
  expect(answer.status).toBe(202);
}

describe(`the live page on the local cloud${WHY_SKIPPED}`, { timeout: TEST_MS_MAX }, () => {
  it.skipIf(mustSkipBrowser)(
    'lets a store manager in and shows a sale seconds after the till closed it',
    async () => {
      await sell('1', '1234.50');
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(cloud.url);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Store manager').click();
      await page.getByText('1,234.50').first().waitFor({ timeout: SHOWN_MS_MAX });
      await sell('2', '1000');
      await page.getByText('2,234.50').first().waitFor({ timeout: SHOWN_MS_MAX });
      expect(faults).toEqual([]);
    },
  );
});
