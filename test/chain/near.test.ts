/**
 * From a phone on the street to the proof, on the whole local cloud and through the functions that are deployed: somebody who
 * bought before walks by, is pushed to once, opens it, follows it, buys, and can be read and shown in the campaign's proof.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cloud, startCloud } from '#local/cloud.ts';
import { APP_SERVER, keyName, seedDemoChain } from '#local/main/seed-demo-chain.ts';
import { demoChain } from '#sim/chain/demo-chain.ts';
import { offsetBy } from '#sim/phones/phone-track.ts';

/** The fences follow the stores each minute; two cores may be shared with every other test. */
const FENCES_MS_MAX = 150_000;
const TEST_MS_MAX = 240_000;
const POLL_MS = 500;

let cloud: Cloud;
let keys: Record<string, string>;
const [demo] = demoChain.stores;
if (demo === undefined) throw new Error('the demonstration has no store');
const { position } = demo.location;

beforeAll(async () => {
  cloud = await startCloud({ port: 0 });
  keys = await seedDemoChain(cloud, demoChain, undefined);
}, TEST_MS_MAX);
afterAll(async () => {
  await cloud?.close();
});

const post = (path: string, key: string, body: unknown): Promise<Response> =>
  fetch(cloud.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });

async function staff(method: string, path: string, person = 'boss', body?: unknown) {
  const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=${person}`)).json();
  const response = await fetch(cloud.url + path, {
    method,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const until = (check: () => Promise<void>) =>
  vi.waitFor(check, { timeout: FENCES_MS_MAX, interval: POLL_MS });

const now = () => new Date().toISOString();

async function bind(member: string, purposes: readonly string[]): Promise<{ key: string; person: string }> {
  const consents = purposes.map((purpose) => ({ purpose, granted: true, proof: 'test, terms 1', at: now() }));
  const body = { member, platform: 'fcm', pushToken: `token-${member}`, language: 'en', consents };
  const answer = await post('/v1/phones', keys[APP_SERVER] ?? '', body);
  expect(answer.status).toBe(201);
  return answer.json();
}

const buy = (member: string, receiptNo: string) =>
  post('/v1/receipts', keys[keyName(demo.store.storeId, 'tills')] ?? '', {
    receipts: [
      {
        till: '1',
        receiptNo,
        closedAt: now(),
        memberNo: member,
        lines: [{ product: 'A1', quantity: 1, unitPrice: '199.00' }],
        payments: [{ method: 'wechat', amount: '199.00' }],
      },
    ],
  });

const walk = async (key: string, metres: number): Promise<number> => {
  const spot = offsetBy(position, metres, 1);
  return (await post('/v1/positions', key, { positions: [{ ...spot, accuracyM: 10, at: now() }] })).status;
};

/** In and out of the fence until it is there; then once in and out more. */
async function walkBy(key: string, pushToken: string): Promise<void> {
  await until(async () => {
    await walk(key, 900);
    await walk(key, 20);
    await pause(POLL_MS);
    expect(cloud.receivedBy(pushToken).length).toBeGreaterThan(0);
  });
}

describe('a phone near a store', { timeout: TEST_MS_MAX }, () => {
  it('hears of the campaign once, and what comes of it is proved', async () => {
    // Of two people one may be held out by lot; one of these five is not.
    const members = ['N1', 'N2', 'N3', 'N4', 'N5'];
    const walkers: Array<{ member: string; key: string; person: string }> = [];
    for (const member of members) {
      expect((await buy(member, `before-${member}`)).status).toBe(202);
      walkers.push({ member, ...(await bind(member, ['location', 'push'])) });
    }
    await until(async () => {
      for (const { person } of walkers)
        expect((await staff('GET', `/v1/people/${person}`)).body.purchases).toHaveLength(1);
    });
    await until(async () => {
      for (const { key } of walkers) {
        await walk(key, 900);
        await walk(key, 20);
      }
      await pause(POLL_MS);
      expect(members.flatMap((member) => cloud.receivedBy(`token-${member}`)).length).toBeGreaterThan(0);
    });
    const lucky = walkers.find(({ member }) => cloud.receivedBy(`token-${member}`).length > 0);
    if (lucky === undefined) throw new Error('nobody was pushed');
    await walkBy(lucky.key, `token-${lucky.member}`);
    const pushes = cloud.receivedBy(`token-${lucky.member}`);
    expect(pushes).toHaveLength(1);
    const [push] = pushes;
    expect(push).toMatchObject({ title: 'You are close: earphones, 30 off' });

    expect((await post(`/v1/pushes/${push?.pushId}/open`, lucky.key, {})).status).toBe(204);
    const landing = await fetch(push?.link ?? '', {
      redirect: 'manual',
      headers: { 'accept-language': 'zh-CN' },
    });
    expect(landing.status).toBe(200);
    expect(await landing.text()).toContain('耳机立减 30 元');
    expect((await buy(lucky.member, 'after')).status).toBe(202);
    await until(async () => {
      const { body } = await staff('GET', '/v1/campaigns/walk-by/proof');
      expect(body.pushed.persons).toBeGreaterThan(0);
      expect(body.pushed).toMatchObject({ opened: 1, clicked: 1, buyers: 1, visitors: 1, net: '199.00' });
      expect(body.lift.visitRate).toMatchObject({ kind: 'withheld' });
      expect(body.decisions.pushed).toBe(body.pushed.persons);
    });
    const preview = await staff('POST', '/v1/campaigns/walk-by/preview');
    expect(preview.status).toBe(200);
    expect(preview.body.reached + preview.body.heldOut).toBe(members.length);
  });

  it('is not followed where its owner does not agree, and hears nothing where they want no pushes', async () => {
    const unfollowed = await bind('N8', ['push']);
    expect(await walk(unfollowed.key, 20)).toBe(403);
    const silent = await bind('N9', ['location']);
    await buy('N9', 'before-N9');
    expect(await walk(silent.key, 20)).toBe(202);
    await until(async () => {
      const { body } = await staff('GET', '/v1/campaigns/walk-by/proof');
      expect(body.decisions['no push consent']).toBeGreaterThan(0);
    });
    expect(cloud.receivedBy('token-N9')).toEqual([]);
    const withdrawn = { consents: [{ purpose: 'location', granted: false, proof: 'switch', at: now() }] };
    expect((await post('/v1/consents', silent.key, withdrawn)).status).toBe(204);
    await until(async () => expect(await walk(silent.key, 20)).toBe(403));
  });
});

describe('a campaign', () => {
  it('is changed by whoever holds its places and saw it last', async () => {
    const { body } = await staff('GET', '/v1/campaigns/walk-by');
    const { id: _, pushesSpent: __, ...campaign } = body;
    expect((await staff('PUT', '/v1/campaigns/walk-by', 'store-manager', campaign)).status).toBe(403);
    const paused = await staff('PUT', '/v1/campaigns/walk-by', 'boss', { ...campaign, status: 'paused' });
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', version: campaign.version + 1 } });
    expect((await staff('PUT', '/v1/campaigns/walk-by', 'boss', campaign)).status).toBe(409);
    const wrong = await staff('PUT', '/v1/campaigns/new', 'boss', {
      ...campaign,
      version: 0,
      audience: 'bys > 1',
    });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/audience' }] } });
    const unseen = await staff('GET', '/v1/campaigns/walk-by', 'store-manager');
    expect(unseen.status).toBe(404);
    const raised = { ...campaign, version: campaign.version + 1, status: 'paused', holdoutShare: 0.4 };
    expect((await staff('PUT', '/v1/campaigns/walk-by', 'boss', raised)).status).toBe(409);
  });
});

describe('somebody who asks to be forgotten', { timeout: TEST_MS_MAX }, () => {
  it('is gone from every table, tracker and inbox, by a search and not by a promise', async () => {
    const { person } = await bind('N77', ['location', 'push']);
    expect((await buy('N77', 'before-leaving')).status).toBe(202);
    await until(async () =>
      expect((await staff('GET', '/v1/people/member:N77')).body.purchases).toHaveLength(1),
    );
    expect((await staff('DELETE', `/v1/people/${person}`, 'store-manager')).status).toBe(403);
    const asked = await staff('DELETE', `/v1/people/${person}`, 'privacy-officer');
    expect(asked.status).toBe(202);
    await until(async () => {
      const { body } = await staff('GET', `/v1/erasures/${asked.body.erasure}`, 'privacy-officer');
      expect(body.state).toBe('done');
      expect(JSON.stringify(body)).not.toContain('N77');
    });
    expect((await staff('GET', '/v1/people/member:N77')).status).toBe(404);
    const everything = await allBytesOf(cloud);
    expect(everything.includes('"N1"')).toBe(true);
    // Told without the rows themselves, of which there are thousands.
    expect(['N77', person, 'token-N77'].filter((trace) => everything.includes(trace))).toEqual([]);
  });
});

/** Every row of every table of the cloud as text, whatever is in it. */
async function allBytesOf({ endpoints, description }: Cloud): Promise<string> {
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const rows: string[] = [];
  for (const { tableName } of description.tables) {
    for await (const page of paginateScan({ client }, { TableName: tableName })) {
      for (const item of page.Items ?? []) {
        rows.push(JSON.stringify(item));
        for (const { B } of Object.values(item))
          if (B !== undefined) rows.push(Buffer.from(B).toString('latin1'));
      }
    }
  }
  client.destroy();
  return rows.join('\n');
}
