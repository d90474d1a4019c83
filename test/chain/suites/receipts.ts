/** Receipts through the whole cloud: posted over HTTP with a till's key, read as figures with a person's token. */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import type { DeadLetter } from '#application/ports/dead-letter-store.ts';
import { addDays } from '#domain/chain/business-day.ts';
import { type PostedReceipt, planDay } from '#sim/tills/receipts.ts';
import { type DemoCloud, dayOf, demoStore, eventually } from '../../support/demo-cloud.ts';

/** Enough to fill several batches, few enough to be counted in seconds. */
const RECEIPTS = 60;
/** Stores of one city and of another. */
const STORES = ['sz01', 'sz02', 'gz01'] as const;
type StoreName = (typeof STORES)[number];

const yesterday = addDays(dayOf('sz01', Date.now()), -1);
const plan = (store: StoreName): PostedReceipt[] =>
  planDay(demoStore(store), yesterday, 'whole-chain').map(({ receipt }) => receipt);
const receiptsOf = (store: StoreName): PostedReceipt[] => plan(store).slice(0, RECEIPTS);

/** A transaction is a receipt with at least one line sold at a price; returns and gifts alone are none. */
const isSale = ({ lines }: PostedReceipt): boolean =>
  lines.some(({ quantity, unitPrice }) => quantity > 0 && Number(unitPrice) > 0);
const salesOf = (store: StoreName): number => receiptsOf(store).filter(isSale).length;

export function describeReceipts(world: () => DemoCloud): void {
  const post = (store: StoreName, receipts: readonly PostedReceipt[], key = world().keyOf(store, 'tills')) =>
    world().post('/v1/receipts', key, { receipts });

  async function figure(scope: string, kpi: string): Promise<string> {
    const { body } = await world().staff(
      'GET',
      `/v1/figures?scope=${scope}&from=${yesterday}&to=${yesterday}`,
    );
    return body.total.figures[kpi].value;
  }
  const counted = (scope: string, count: number) =>
    eventually(async () => expect(await figure(scope, 'transactions')).toBe(String(count)));

  describe('the whole chain', () => {
    it('counts what the tills of a store post, for the store, its city, its region and the chain', async () => {
      expect((await post('sz01', receiptsOf('sz01'))).status).toBe(202);
      expect((await post('sz02', receiptsOf('sz02'))).status).toBe(202);
      await counted('store:sz01', salesOf('sz01'));
      await counted('store:sz02', salesOf('sz02'));
      const both = salesOf('sz01') + salesOf('sz02');
      await counted('city:shenzhen', both);
      await counted('region:south', both);
      await counted('chain', both);
    });

    it('counts a receipt once, however often it is posted', async () => {
      const before = await figure('store:sz01', 'netSales');
      expect((await post('sz01', receiptsOf('sz01'))).status).toBe(202);
      // A fresh receipt behind the repeated ones shows that they have been through.
      const fresh = plan('sz01').filter(isSale).at(-1);
      if (fresh === undefined) throw new Error('a day without a sale');
      expect((await post('sz01', [fresh])).status).toBe(202);
      await eventually(async () => expect(await figure('store:sz01', 'netSales')).not.toBe(before));
      expect(await figure('store:sz01', 'transactions')).toBe(String(salesOf('sz01') + 1));
    });

    it('stores a record that it cannot read as a dead letter, and goes on', async () => {
      const { description, endpoints } = world().cloud;
      const common = {
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      };
      const StreamName = description.streams[0]?.streamName;
      const lettersTable = description.tables.find(({ tableName }) => tableName.includes('Letters'));
      const kinesis = new KinesisClient({ ...common, endpoint: endpoints.kinesis });
      const Data = Buffer.from('not an event');
      const Records = [{ PartitionKey: 'gz01', Data }];
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      kinesis.destroy();
      const client = documentClient({ ...common, endpoint: endpoints.dynamodb });
      const store = dynamoDeadLetterStore(client, lettersTable?.tableName ?? '');
      await eventually(async () => {
        const letters: DeadLetter[] = [];
        for await (const letter of store.list()) letters.push(letter);
        expect(letters.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['not an event']);
      });
      client.destroy();

      expect((await post('gz01', receiptsOf('gz01'))).status).toBe(202);
      await counted('store:gz01', salesOf('gz01'));
    });

    it('rejects receipts without a valid key', async () => {
      expect((await post('sz01', receiptsOf('sz01'), 'aisle_wrong_key')).status).toBe(401);
      expect((await fetch(`${world().cloud.url}/v1/receipts`, { method: 'POST', body: '{}' })).status).toBe(
        401,
      );
    });

    it('shows a store manager the store, and not the chain', async () => {
      const asManager = (path: string) => world().staff('GET', path, 'store-manager');
      const query = `from=${yesterday}&to=${yesterday}`;
      expect((await asManager(`/v1/figures?scope=store:sz01&${query}`)).status).toBe(200);
      expect((await asManager(`/v1/figures?scope=chain&${query}`)).status).toBe(403);
      expect((await asManager('/v1/stores')).body.stores).toHaveLength(1);
    });

    it('ranks products', async () => {
      const { status, body } = await world().staff(
        'GET',
        `/v1/products/top?scope=store:sz01&from=${yesterday}&to=${yesterday}`,
      );
      expect(status).toBe(200);
      expect(body.products.length).toBeGreaterThan(0);
    });

    it('serves its OpenAPI description, its documentation and the web app without a key', async () => {
      const { url } = world().cloud;
      expect((await (await fetch(`${url}/openapi.json`)).json()).openapi).toMatch(/^3\./);
      expect((await fetch(`${url}/docs`)).headers.get('content-type')).toContain('text/html');
      const page = await fetch(`${url}/`);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await page.text()).toContain('<script');
    });
  });
}

/** To be described last: it stops the cloud that the other suites use. */
export function describeRestart(world: () => DemoCloud): void {
  async function figure(scope: string, kpi: string): Promise<string> {
    const path = `/v1/figures?scope=${scope}&from=${yesterday}&to=${yesterday}`;
    const { status, body } = await world().staff('GET', path);
    expect(status).toBe(200);
    return body.total.figures[kpi].value;
  }

  describe('a restart', () => {
    it('keeps the figures and the keys, and finishes the sums that were under way', async () => {
      const before = await figure('store:sz01', 'netSales');
      expect(await world().restart()).toEqual(world().keys);
      await eventually(async () => expect(await figure('store:sz01', 'netSales')).toBe(before));
      const sales = STORES.reduce((sum, store) => sum + salesOf(store), 1);
      await eventually(async () => expect(await figure('chain', 'transactions')).toBe(String(sales)));
    });
  });
}
