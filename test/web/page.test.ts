/** The deployed build of the page in a real browser, under its content security policy. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, mustSkipBrowser, WHY_SKIPPED } from './support/browser.ts';
import { builtWebDir } from './support/build.ts';
import { type FakeService, startFakeService } from './support/fake-service.ts';
import { figuresAnswer } from './support/fixtures.ts';

const PHONE = { width: 360, height: 780 };
const DESKTOP = { width: 1280, height: 800 };

describe.skipIf(mustSkipBrowser)(`the page in a browser${WHY_SKIPPED}`, () => {
  let browser: Browser;
  let service: FakeService;
  let context: BrowserContext | undefined;
  let consoleErrors: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    service = await startFakeService(builtWebDir());
    consoleErrors = [];
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    await service.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: PHONE, locale: 'en-US', ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    await page.goto(service.url);
    return page;
  }

  const figure = (page: Page, kpi: string, text: string) =>
    page.locator(`[data-kpi=${kpi}] .visually-hidden`, { hasText: text }).waitFor({ state: 'attached' });

  async function signedIn(options?: BrowserContextOptions): Promise<Page> {
    const page = await open(options);
    await page.getByRole('button', { name: /Sign in|登录/ }).click();
    await figure(page, 'netSales', '¥12,444.60');
    return page;
  }

  const chip = (page: Page, name: string, text: string | RegExp) =>
    page.locator(`[data-status=${name}]`, { hasText: text }).waitFor();

  const netSales = (value: string) => ({ value, numerator: value, denominator: null, formulaVersion: 1 });

  it('signs in, removes the code from the URL, and sends the token', async () => {
    const page = await signedIn();
    expect(new URL(page.url()).search).toBe('');
    expect(service.requests.length).toBeGreaterThan(0);
    for (const { authorization } of service.requests) expect(authorization).toBe('Bearer a-token');
    expect(consoleErrors).toEqual([]);
  });

  it('stays signed in after a reload, and deletes the token on sign-out', async () => {
    const page = await signedIn();
    await page.reload();
    await figure(page, 'netSales', '¥12,444.60');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('a-token');
  });

  it('shows a changed figure without a reload', async () => {
    const page = await signedIn();
    await chip(page, 'connection', 'Live');
    service.answers.figures = figuresAnswer({ figures: { netSales: netSales('12543.60') } });
    await figure(page, 'netSales', '¥12,543.60');
    const digits = await page.locator('[data-kpi=netSales] .digits').textContent();
    expect(digits).toBe('¥12,543.60');
    expect(consoleErrors).toEqual([]);
  });

  it('names a silent till, and lists its sales as missing data', async () => {
    const page = await signedIn();
    await chip(page, 'tills', /tills 2\/3.*no data: T3/);
    await page.locator('.status summary').click();
    await page.getByText('Sales at T3').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Sales at T3').waitFor({ state: 'hidden' });
  });

  it('shows the age of the latest receipt, updated every second', async () => {
    service.answers.figures = figuresAnswer({ asOf: new Date(Date.now() - 30_000).toISOString() });
    const page = await signedIn();
    const age = async () =>
      Number(/(\d+) s ago/.exec((await page.locator('[data-status=age]').textContent()) ?? '')?.[1]);
    const first = await age();
    expect(first).toBeGreaterThanOrEqual(30);
    await expect.poll(age, { timeout: 10_000 }).toBeGreaterThan(first);
  });

  it('shows a warning where the latest receipt is older than a minute', async () => {
    service.answers.figures = figuresAnswer({ asOf: new Date(Date.now() - 95_000).toISOString() });
    const page = await signedIn();
    await page.locator('[data-status=age].is-warn').waitFor();
  });

  it('shows that it is offline, keeps the last figures in grey, and is live again with the network', async () => {
    const page = await signedIn();
    await context?.setOffline(true);
    await chip(page, 'connection', /Offline.*last update \d+ s ago/);
    await page.locator('main.is-stale').waitFor();
    await figure(page, 'netSales', '¥12,444.60');
    await context?.setOffline(false);
    await chip(page, 'connection', 'Live');
    expect(await page.locator('main.is-stale').count()).toBe(0);
  });

  it('shows a failing service, and an expired session', async () => {
    const page = await signedIn();
    service.failing = 503;
    await chip(page, 'connection', /Service not responding/);
    service.failing = 401;
    await page.getByRole('button', { name: 'Sign in again' }).waitFor({ timeout: 15_000 });
    service.failing = undefined;
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await chip(page, 'connection', 'Live');
  });

  it('switches to Chinese, stores the choice, and names figures in both languages', async () => {
    const page = await signedIn();
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    for (const name of ['净销售额', '目标达成率', '交易笔数', '客单价', '连带率', '退货率']) {
      await page.locator('.kpi-name', { hasText: name }).first().waitFor();
    }
    expect(await page.locator('[data-kpi=averageTicket] .kpi-name').textContent()).toMatch(
      /^客单价\s+Average ticket$/,
    );
    await chip(page, 'tills', '未上报：T3');
    await page.reload();
    await chip(page, 'tills', '未上报：T3');
  });

  it('starts in Chinese in a Chinese browser', async () => {
    const page = await open({ locale: 'zh-CN' });
    await page.getByRole('button', { name: '登录' }).waitFor();
  });

  it('shows a chosen store, also after a reload', async () => {
    const page = await signedIn();
    await page.getByLabel('Store or area').selectOption('store:sz02');
    await page.locator('h1', { hasText: 'Shenzhen Sea World' }).waitFor();
    await expect.poll(() => service.requests.at(-1)?.path).toMatch(/scope=store%3Asz02/);
    await page.reload();
    await page.locator('h1', { hasText: 'Shenzhen Sea World' }).waitFor();
  });

  it('draws the curve by hour and as a running total, with a text alternative', async () => {
    const page = await signedIn();
    await page.locator('.curve-plot canvas').waitFor();
    await page.getByRole('button', { name: 'Running total' }).click();
    await page.getByText('Target ¥15,000.00').waitFor();
    await page.getByRole('img', { name: /Net sales today ¥12,444.60; best hour 12:00/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(8);
    expect(consoleErrors).toEqual([]);
  });

  it('opens offline after a first visit, and shows that the service is unreachable', async () => {
    const page = await signedIn();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const port = new URL(service.url).port;
    await context?.setOffline(true);
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByText('The service is unreachable.').waitFor();
  });

  it('caches no API response and no token', async () => {
    const page = await signedIn();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await figure(page, 'netSales', '¥12,444.60');
    const cached = await page.evaluate(async () => {
      const names = await caches.keys();
      const caches_ = await Promise.all(names.map((name) => caches.open(name)));
      const requests = await Promise.all(caches_.map((cache) => cache.keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(cached).toContain('/');
    expect(cached.filter((path) => /^\/(?:v1|oidc|config)/.test(path))).toEqual([]);
  });

  describe.each([
    ['a phone', PHONE],
    ['a desktop', DESKTOP],
  ])('on %s', (_, viewport) => {
    it.each(['en-US', 'zh-CN'])('never scrolls horizontally, even with long figures (%s)', async (locale) => {
      service.answers.figures = figuresAnswer({
        figures: {
          netSales: netSales('-987654321098765.4321'),
          returns: netSales('987654321098765.4321'),
          transactions: netSales('123456789012'),
          attainment: {
            value: '0.5',
            numerator: '1.00',
            denominator: '123456789098765.4321',
            formulaVersion: 1,
          },
        },
        completeness: {
          expected: 9,
          reported: 1,
          silent: Array.from({ length: 8 }, (_, n) => `a-till-with-a-very-long-name-${n}`),
        },
      });
      const page = await open({ viewport, locale });
      await page.getByRole('button', { name: /Sign in|登录/ }).click();
      await figure(page, 'netSales', '987,654,321,098,765.4321');
      await page.locator('.product').first().waitFor();
      const overflow = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const cut = [...document.querySelectorAll('.rolling')].filter((one) => {
          const room = one.closest('.card-main, .card-second')?.getBoundingClientRect();
          return room !== undefined && one.getBoundingClientRect().right > room.right + 1;
        });
        return { sideways: scrollWidth - clientWidth, cut: cut.map((one) => one.textContent) };
      });
      expect(overflow).toEqual({ sideways: 0, cut: [] });
    });

    it('does not shift the layout when the figures arrive', async () => {
      const page = await open({ viewport });
      await page.addInitScript(() => {
        const shifts = window as unknown as { shifted: number };
        shifts.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            shifts.shifted += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.locator('.product').first().waitFor();
      await page.locator('.curve-plot canvas').waitFor();
      // Cumulative layout shift: Web Vitals rates below 0.1 as good; here nothing above the fold moves.
      expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(
        0.02,
      );
    });
  });

  it('has a contrast of at least 4.5:1 for every text, in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await signedIn({ colorScheme });
      await page.locator('.product').first().waitFor();
      expect(await page.evaluate(lowContrastTexts), colorScheme).toEqual([]);
      await context?.close();
    }
  });

  it('can be used by keyboard: every control is focusable, in visual order', async () => {
    const page = await signedIn();
    const order: string[] = [];
    for (let n = 0; n < 7; n++) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(
          () => (document.activeElement?.className || document.activeElement?.tagName) ?? '',
        ),
      );
    }
    expect(order).toEqual(['scope-select', 'icon-button', 'icon-button', 'SUMMARY', 'mode', 'mode', 'A']);
  });
});

/** Returns the texts whose contrast with their background is below WCAG AA. Runs in the page. */
function lowContrastTexts(): string[] {
  const CONTRAST_MIN = 4.5;
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) return ['no canvas'];
  const rgb = (colour: string): number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour: number[]): number =>
    colour
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const backgroundOf = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255];
    const colour = rgb(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 ? colour : backgroundOf(element.parentElement);
  };
  const found: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    const isVisible = element.closest('.visually-hidden, option, select, svg') === null;
    if (!own || !isVisible || element.getClientRects().length === 0) continue;
    const front = luminance(rgb(getComputedStyle(element).color));
    const back = luminance(backgroundOf(element));
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < CONTRAST_MIN) found.push(`${element.textContent}: ${contrast.toFixed(2)}`);
  }
  return found;
}
