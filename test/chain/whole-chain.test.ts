/**
 * The whole chain, from the template up: the real CDK app synthesised, its real bundles run, receipts posted
 * over HTTP with a device's key, figures read over HTTP with a person's token.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import type { DeadLetter } from '#application/ports/dead-letter-store.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { addDays } from '#domain/chain/business-day.ts';
import { type Cloud, startCloud } from '#local/cloud.ts';
import { keyName, seedDemoChain } from '#local/main/seed-demo-chain.ts';
import { demoChain } from '#sim/chain/demo-chain.ts';
import { type PostedReceipt, planDay } from '#sim/tills/receipts.ts';
import { businessDayNow } from '#sim/tills/simulate-tills.ts';

/** Enough to fill several batches, few enough to be counted in seconds. */
const RECEIPTS = 60;
/** Two cores may be shared with every other test. */
const COUNTED_MS_MAX = 60_000;
const TEST_MS_MAX = 120_000;

const dataDir = mkdtempSync(join(tmpdir(), 'aisle-chain-'));
const [shenzhen, huaqiang] = demoChain.stores;
if (!shenzhen || !huaqiang) throw new Error('the demonstration chain has lost its stores');
const yesterday = addDays(businessDayNow(shenzhen.store, Date.now()), -1);
const receiptsOf = (demo: typeof shenzhen) =>
  planDay(demo, yesterday, 'whole-chain')
    .slice(0, RECEIPTS)
    .map(({ receipt }) => receipt);

let cloud: Cloud;
let keys: Record<string, string>;

beforeAll(async () => {
  cloud = await startCloud({ port: 0, dataDir });
  keys = await seedDemoChain(cloud, demoChain, dataDir);
}, TEST_MS_MAX);
afterAll(async () => {
  await cloud?.close();
  rmSync(dataDir, { recursive: true });
});

const tillKey = ({ store }: typeof shenzhen) => keys[keyName(store.storeId, 'tills')];

const post = (demo: typeof shenzhen, receipts: readonly PostedReceipt[], key = tillKey(demo)) =>
  fetch(`${cloud.url}/v1/receipts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ receipts }),
  });

async function get(path: string, person = 'boss') {
  const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=${person}`)).json();
  const response = await fetch(cloud.url + path, { headers: { authorization: `Bearer ${access_token}` } });
  return { status: response.status, body: await response.json() };
}

async function transactions(scope: string): Promise<number> {
  const { body } = await get(`/v1/figures?scope=${scope}&from=${yesterday}&to=${yesterday}`);
  return Number(body.total.figures.transactions.value);
}

/** The net sales of a scope as the API words them. */
async function netSales(scope: string): Promise<string> {
  const { body } = await get(`/v1/figures?scope=${scope}&from=${yesterday}&to=${yesterday}`);
  return body.total.figures.netSales.value;
}

/** A transaction is a receipt with at least one line sold at a price; returns and gifts alone are none. */
const isSale = ({ lines }: PostedReceipt) =>
  lines.some(({ quantity, unitPrice }) => quantity > 0 && Number(unitPrice) > 0);
const counted = (scope: string, count: number) =>
  vi.waitFor(async () => expect(await transactions(scope)).toBe(count), {
    timeout: COUNTED_MS_MAX,
    interval: 250,
  });

const salesOf = (demo: typeof shenzhen) => receiptsOf(demo).filter(isSale).length;

describe('the whole chain', { timeout: TEST_MS_MAX }, () => {
  it('counts what the tills of a store post, for the store, its city, its region and the chain', async () => {
    expect((await post(shenzhen, receiptsOf(shenzhen))).status).toBe(202);
    expect((await post(huaqiang, receiptsOf(huaqiang))).status).toBe(202);
    await counted('store:sz01', salesOf(shenzhen));
    await counted('store:sz02', salesOf(huaqiang));
    const both = salesOf(shenzhen) + salesOf(huaqiang);
    await counted('city:shenzhen', both);
    await counted('region:south', both);
    await counted('chain', both);
  });

  it('counts a receipt once, however often it is posted', async () => {
    const before = await netSales('store:sz01');
    expect((await post(shenzhen, receiptsOf(shenzhen))).status).toBe(202);
    // A fresh receipt behind the repeated ones shows that they have been through.
    const fresh = planDay(shenzhen, yesterday, 'whole-chain')
      .filter(({ receipt }) => isSale(receipt))
      .at(-1);
    if (!fresh) throw new Error('a day without a sale');
    expect((await post(shenzhen, [fresh.receipt])).status).toBe(202);
    await vi.waitFor(async () => expect(await netSales('store:sz01')).not.toBe(before), {
      timeout: COUNTED_MS_MAX,
      interval: 250,
    });
    expect(await transactions('store:sz01')).toBe(salesOf(shenzhen) + 1);
  });

  it('puts aside what it cannot read, bytes and all, and goes on', async () => {
    const file = v.parse(CloudFile, JSON.parse(readFileSync(cloud.cloudFile, 'utf8')));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const kinesis = new KinesisClient({
      region: file.region,
      endpoint: cloud.endpoints.kinesis,
      credentials,
    });
    const poison = Buffer.from('not an event');
    const Records = [{ PartitionKey: 'gz01', Data: poison }];
    await kinesis.send(new PutRecordsCommand({ StreamName: file.stream, Records }));
    kinesis.destroy();
    const client = documentClient({ region: file.region, endpoint: cloud.endpoints.dynamodb, credentials });
    const store = dynamoDeadLetterStore(client, file.tables.letters ?? '');
    await vi.waitFor(
      async () => {
        const letters: DeadLetter[] = [];
        for await (const letter of store.list()) letters.push(letter);
        expect(letters.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['not an event']);
      },
      { timeout: COUNTED_MS_MAX, interval: 250 },
    );
    client.destroy();

    const guangzhou = demoChain.stores.find(({ store: { storeId } }) => storeId === 'gz01');
    if (!guangzhou) throw new Error('gz01 is gone');
    expect((await post(guangzhou, receiptsOf(guangzhou))).status).toBe(202);
    await counted('store:gz01', salesOf(guangzhou));
  });

  it('takes nothing without a good key', async () => {
    expect((await post(shenzhen, receiptsOf(shenzhen), 'aisle_wrong_key')).status).toBe(401);
    expect((await fetch(`${cloud.url}/v1/receipts`, { method: 'POST', body: '{}' })).status).toBe(401);
  });

  it('shows a store manager the store, and not the chain', async () => {
    const query = `from=${yesterday}&to=${yesterday}`;
    expect((await get(`/v1/figures?scope=store:sz01&${query}`, 'store-manager')).status).toBe(200);
    expect((await get(`/v1/figures?scope=chain&${query}`, 'store-manager')).status).toBe(403);
    expect((await get('/v1/stores', 'store-manager')).body.stores).toHaveLength(1);
  });

  it('ranks products', async () => {
    const { status, body } = await get(`/v1/products/top?scope=store:sz01&from=${yesterday}&to=${yesterday}`);
    expect(status).toBe(200);
    expect(body.products.length).toBeGreaterThan(0);
  });

  it('describes itself to anybody, and serves the web app', async () => {
    expect((await (await fetch(`${cloud.url}/openapi.json`)).json()).openapi).toMatch(/^3\./);
    expect((await fetch(`${cloud.url}/docs`)).headers.get('content-type')).toContain('text/html');
    const page = await fetch(`${cloud.url}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<script');
  });

  it('keeps its figures over a restart', async () => {
    const before = await netSales('store:sz01');
    await cloud.close();
    cloud = await startCloud({ port: 0, dataDir });
    expect(await netSales('store:sz01')).toBe(before);
    // Sums that were still under way when it closed are finished after it opened.
    await counted(
      'chain',
      demoChain.stores.slice(0, 3).reduce((sum, demo) => sum + salesOf(demo), 1),
    );
    expect(await seedDemoChain(cloud, demoChain, dataDir)).toEqual(keys);
  });
});
