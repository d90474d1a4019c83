import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SetEndpointAttributesCommand } from '@aws-sdk/client-sns';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import type { PushNote } from '#application/ports/phone-push.ts';
import { openInbox } from '#local/servers/inbox/inbox.ts';
import { launchBrowser, mustSkipBrowser, WHY_SKIPPED } from '../../web/support/browser.ts';
import { APNS_APPLICATION, GCM_APPLICATION, startWithApplications } from '../sns/sns-client.ts';
import { manualClock } from '../wire/manual-clock.ts';

/** Starts an inbox behind an HTTP server, as in the local cloud, whose other paths record the requests to the product. */
async function start(nowMs?: number) {
  const clock = manualClock(nowMs);
  const { server: sns, client } = await startWithApplications({ clock });
  const push = snsPhonePush(client, { fcm: GCM_APPLICATION, apns: APNS_APPLICATION });
  const inbox = openInbox(sns);
  const requests: { readonly path: string; readonly key: string | undefined }[] = [];
  const server = createServer((message, response) => {
    const path = message.url?.split('?')[0] ?? '';
    if (inbox.owns(path)) return void inbox.handle(message, response);
    if (path !== '/favicon.ico') requests.push({ path, key: message.headers.authorization });
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>landed</h1>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });

  async function register(token: string, platform: 'fcm' | 'apns' = 'fcm'): Promise<string> {
    const registered = await push.register(platform, token);
    if (registered.kind === 'refused') throw new Error(registered.reason);
    return registered.endpointArn;
  }
  async function send(phone: string, pushId: string, more: Partial<PushNote> = {}): Promise<void> {
    const note = {
      title: `Title ${pushId}`,
      body: 'Come in',
      link: `${url}/c/${pushId}`,
      sender: 'Demo',
      refuseLink: `${url}/c/${pushId}/refuse`,
      pushId,
      ttlSeconds: 60,
    };
    await push.send(phone, phone.includes('/APNS/') ? 'apns' : 'fcm', { ...note, ...more });
  }
  const get = async (path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, body: await response.json() };
  };
  return { url, inbox, client, clock, requests, register, send, get };
}

describe('an inbox', () => {
  it('lists the phones in the order of registration, with those that have lost the app', async () => {
    const { register, send, client, clock, get } = await start();
    const [android, apple] = [await register('token'), await register('ab12', 'apns')];
    await send(apple, 'p1');
    const Attributes = { Enabled: 'false' };
    await client.send(new SetEndpointAttributesCommand({ EndpointArn: android, Attributes }));
    expect((await get('/inbox/phones')).body).toEqual([
      { id: android.split('/').at(-1), number: 1, kind: 'android', isReachable: false },
      {
        id: apple.split('/').at(-1),
        number: 2,
        kind: 'iphone',
        isReachable: true,
        lastSentAtMs: clock.nowMs(),
      },
    ]);
  });

  it('returns no push token', async () => {
    const { register, send, url } = await start();
    await send(await register('a-secret-token'), 'p1');
    for (const path of ['/inbox', '/inbox/phones', '/inbox/notes?phone=a-secret-token'])
      expect(await (await fetch(url + path)).text()).not.toContain('a-secret-token');
  });

  it('returns the notes of a phone of either platform, newest first, by its token or its id', async () => {
    const { register, send, clock, get, url } = await start();
    for (const [token, platform] of [
      ['token', 'fcm'],
      ['ab12', 'apns'],
    ] as const) {
      const phone = await register(token, platform);
      await send(phone, 'p1');
      clock.advance(1_000);
      await send(phone, 'p2');
      const id = phone.split('/').at(-1);
      const { body } = await get(`/inbox/notes?phone=${token}`);
      expect(body).toEqual({
        phone: id,
        notes: [
          {
            messageId: expect.any(String),
            title: 'Title p2',
            body: 'Come in',
            link: `${url}/c/p2`,
            pushId: 'p2',
            sentAtMs: clock.nowMs(),
          },
          expect.objectContaining({ pushId: 'p1', sentAtMs: clock.nowMs() - 1_000 }),
        ],
      });
      expect((await get(`/inbox/notes?phone=${id}`)).body).toEqual(body);
    }
  });

  it('shows the newest of two messages with one collapse id, and returns both as received', async () => {
    const { register, send, get, inbox } = await start();
    const phone = await register('token');
    await send(phone, 'p1');
    await send(phone, 'p2');
    await send(phone, 'p1', { body: 'again' });
    const { body } = await get('/inbox/notes?phone=token');
    expect(body.notes.map(({ pushId }: { pushId: string }) => pushId)).toEqual(['p1', 'p2']);
    expect(body.notes[0].body).toBe('again');
    expect(inbox.receivedBy('token').map(({ pushId }) => pushId)).toEqual(['p1', 'p2', 'p1']);
  });

  it('returns 404 for an unknown phone and an unknown path', async () => {
    const { get, inbox } = await start();
    expect(await get('/inbox/notes?phone=missing')).toMatchObject({ status: 404 });
    expect(await get('/inbox/missing')).toMatchObject({ status: 404 });
    expect(inbox.receivedBy('missing')).toEqual([]);
  });

  it('rejects a request whose host is not this machine', async () => {
    const { url } = await start();
    const statusAs = (host: string) =>
      new Promise((resolve, reject) => {
        request(`${url}/inbox/phones`, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusAs('evil.example')).toBe(403);
    expect(await statusAs('localhost:4280')).toBe(200);
  });
});

describe.skipIf(mustSkipBrowser)(`the inbox’s page${WHY_SKIPPED}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(url: string, locale = 'en-GB'): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error') errors.push(line.text());
    });
    onTestFinished(() => expect(errors).toEqual([]));
    await page.goto(url);
    return { page, context };
  }
  const titles = (page: Page, list = '#fresh') => page.locator(`${list} .title`).allTextContents();

  it('shows the phone with the newest message, and new messages as they arrive', async () => {
    const { url, register, send } = await start(Date.now());
    await register('token');
    await send(await register('ab12', 'apns'), 'p1');
    const { page } = await open(`${url}/inbox`);
    await page.locator('.note').waitFor();
    expect(await titles(page)).toEqual(['Title p1']);
    expect(await page.locator('#chooser').inputValue()).toBe(
      (await register('ab12', 'apns')).split('/').at(-1),
    );
    await send(await register('ab12', 'apns'), 'p2');
    await page.locator('.note').nth(1).waitFor();
    expect(await titles(page)).toEqual(['Title p2', 'Title p1']);
    expect(await page.title()).toBe('(2) Inbox');
  });

  it('opens the link of a tapped note and lists the note as opened from then on', async () => {
    const { url, register, send, requests } = await start(Date.now());
    await send(await register('token'), 'p1');
    const { page, context } = await open(`${url}/inbox#phone=token`);
    const landing = context.waitForEvent('page');
    await page.locator('.note').click();
    const landed = await landing;
    await landed.locator('h1').waitFor();
    expect(landed.url()).toBe(`${url}/c/p1`);
    await page.locator('#earlier-notes .note').waitFor();
    expect(await titles(page)).toEqual([]);
    // Without the phone's key the page reports no tap.
    expect(requests.map(({ path }) => path)).toEqual(['/c/p1']);
    await page.reload();
    await page.locator('#earlier-notes .note').waitFor();
    expect(await titles(page, '#earlier-notes')).toEqual(['Title p1']);
  });

  it('reports a tap to the product with the phone’s key, and removes the key from the address', async () => {
    const { url, register, send, requests } = await start(Date.now());
    await send(await register('token'), 'p1');
    const { page, context } = await open(`${url}/inbox#phone=token&key=aisle_k_s`);
    const landing = context.waitForEvent('page');
    await page.locator('.note').click();
    await (await landing).locator('h1').waitFor();
    expect(requests).toContainEqual({ path: '/v1/pushes/p1/open', key: 'Bearer aisle_k_s' });
    expect(page.url()).not.toContain('aisle_k_s');
  });

  it('runs no script and follows no script link of a message', async () => {
    const { url, register, send, requests } = await start(Date.now());
    const evil = '<img src=x onerror="fetch(`/stolen`)"><script>fetch("/stolen")</script>';
    await send(await register('token'), 'p1', { title: evil, link: 'javascript:fetch("/stolen")' });
    const { page } = await open(`${url}/inbox#phone=token`);
    await page.locator('.note').waitFor();
    expect(await titles(page)).toEqual([evil]);
    expect(await page.locator('.note').getAttribute('href')).toBeNull();
    await page.locator('.note').click();
    await page.locator('#earlier-notes .note').waitFor();
    expect(requests).toEqual([]);
  });

  it('is in Chinese for a Chinese browser, and switches to another phone', async () => {
    const { url, register, send } = await start(Date.now());
    await register('token');
    await send(await register('token-2'), 'p1');
    const { page } = await open(`${url}/inbox#phone=token`, 'zh-CN');
    await page.getByText('还没有通知').waitFor();
    await page.locator('#chooser').selectOption({ index: 1 });
    await page.locator('.note').waitFor();
    expect(await page.locator('.note .app').textContent()).toBe('智慧门店');
    expect(await page.locator('.note time').textContent()).toBe('现在');
  });

  it('loads nothing from another origin', async () => {
    const { url, register, send } = await start(Date.now());
    await send(await register('token'), 'p1');
    const { page } = await open('about:blank');
    const urls: string[] = [];
    page.on('request', (sent) => urls.push(sent.url()));
    await page.goto(`${url}/inbox`);
    await page.locator('.note').waitFor();
    expect(urls.filter((loaded) => !loaded.startsWith(`${url}/inbox`))).toEqual([]);
  });
});
