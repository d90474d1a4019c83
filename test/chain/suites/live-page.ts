/** The page as a manager sees it, in a real browser on the whole cloud: signed in, and moving as tills post. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoCloud } from '../../support/demo-cloud.ts';
import { launchBrowser, mustSkipBrowser, WHY_SKIPPED } from '../../web/support/browser.ts';

const SHOWN_MS_MAX = 30_000;

/** To be described before any suite that sells in store sz01 today. */
export function describeLivePage(world: () => DemoCloud): void {
  describe.skipIf(mustSkipBrowser)(`the live page on the local cloud${WHY_SKIPPED}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(() => browser?.close());

    async function sell(receiptNo: string, unitPrice: string): Promise<void> {
      const receipt = {
        till: '1',
        receiptNo,
        closedAt: new Date().toISOString(),
        lines: [{ product: 'A1', name: 'Earphones', quantity: 1, unitPrice }],
      };
      const answer = await world().post('/v1/receipts', world().keyOf('sz01', 'tills'), {
        receipts: [receipt],
      });
      expect(answer.status).toBe(202);
    }

    it('lets a store manager in and shows a sale seconds after the till closed it', async () => {
      await sell('1', '1234.50');
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(world().cloud.url);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Store manager').click();
      await page.getByText('1,234.50').first().waitFor({ timeout: SHOWN_MS_MAX });
      await sell('2', '1000');
      await page.getByText('2,234.50').first().waitFor({ timeout: SHOWN_MS_MAX });
      expect(faults).toEqual([]);
    });
  });
}
