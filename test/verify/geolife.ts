/**
 * `npm run verify:geofence`
 *
 * Posts 217,653 real fixes of two people in Beijing over HTTPS as their phones would, against two sets of fences (19 of 300 m,
 * 20 of 100 m), into a running local cloud, and compares how often each came near each store with reference answers; then
 * looks at what a rehearsing campaign would have pushed: never twice within a cooldown to one person near one store.
 *
 * Distances are haversines on a sphere of 6,371,008.8 m, as the reference's are; Amazon does not say which formula it uses.
 * Ends with an error where any of it is off. Skipped, with the reason, where the data is not there.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { ListGeofencesCommand, LocationClient } from '@aws-sdk/client-location';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env } from '#contracts/env.ts';
import { POSITIONS_MAX } from '#contracts/http/phones.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '#domain/chain/ids.ts';
import { type Cloud, startCloud } from '#local/cloud.ts';
import { issueKey } from '#tools/issue-key.ts';
import { storeOf } from '../support/chain.ts';
import { gather } from '../support/gather.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'gps-geolife');
const SETS = ['starbucks300', 'busy100'] as const;

/** What is promised. */
const ENTERS_OFF_MAX = 0.01;
const COOLDOWN_HOURS = 1;

const LONG_AGO = '2000-01-01T00:00:00Z';
const FENCES_MS_MAX = 150_000;
const SETTLED_MS = 8_000;
const SETTLE_MS_MAX = 600_000;
const POLL_MS = 1_000;

interface Reference {
  readonly totals: { readonly enter_plain: number; readonly enter_gap_reset_and_cooldown_60min: number };
  readonly per_fence: ReadonlyArray<{
    readonly id: string;
    readonly lat: number;
    readonly lon: number;
    readonly radius_m: number;
    readonly enter_plain: number;
  }>;
}

interface Fix {
  readonly lat: number;
  readonly lng: number;
  readonly at: string;
}

/** Fixes by person, in the order of time; of one second, in the file's. */
function readFixes(): Map<string, Fix[]> {
  const text = gunzipSync(readFileSync(join(FOLDER, 'geolife_sample.txt.gz'))).toString('utf8');
  const fixes = new Map<string, Fix[]>();
  for (const line of text.trim().split('\n').slice(1)) {
    const [lat, lng, time = '', uid = ''] = line.trim().split(',');
    const own = fixes.get(uid) ?? [];
    own.push({ lat: Number(lat), lng: Number(lng), at: `${time.replace(' ', 'T')}Z` });
    fixes.set(uid, own);
  }
  for (const own of fixes.values()) own.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return fixes;
}

const reference = (set: string): Reference =>
  JSON.parse(readFileSync(join(FOLDER, `reference_${set}.json`), 'utf8')) as Reference;

const failures: string[] = [];
function hold(isHeld: boolean, what: string): void {
  console.log(`  ${isHeld ? 'held ' : 'WRONG'}  ${what}`);
  if (!isHeld) failures.push(what);
}

async function verify(cloud: Cloud): Promise<void> {
  const named: Readonly<Record<string, string>> = Object.assign(
    {},
    ...cloud.description.functions.map((one) => one.env),
  );
  const nameOf = (variable: string): string => named[variable] ?? '';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = documentClient({ region: 'us-east-1', credentials, endpoint: cloud.endpoints.dynamodb });
  const chain = dynamoChainStore(client, nameOf(env.chainTable));
  const moments = dynamoPushDecisionStore(client, nameOf(env.campaignsTable));
  const people = dynamoPersonStore(client, nameOf(env.peopleTable));

  const fences = SETS.flatMap((set) => reference(set).per_fence);
  await chain.putChain({ name: 'geolife', currency: 'CNY', country: 'CN' });
  for (const { id, lat, lon, radius_m } of fences) {
    const store = storeOf(id, 'beijing', 'north', { timeZone: 'Asia/Shanghai' });
    await chain.putStore({ ...store, currency: 'CNY' });
    await chain.putLocation(store.storeId, {
      position: { lng: lon, lat },
      givenAs: 'WGS-84',
      fence: { kind: 'circle', radiusM: radius_m },
    });
  }
  const campaign = {
    campaignId: 'geolife' as CampaignId,
    name: { en: 'Every passer-by', zh: '路过' },
    status: 'dry-run',
    stores: [{ kind: 'chain' }],
    fromMs: Date.parse(LONG_AGO),
    untilMs: Date.now() + HOUR_MS,
    audience: 'true',
    quiet: { from: '04:00', until: '04:01' },
    capPerDay: 5,
    cooldownHours: COOLDOWN_HOURS,
    holdoutShare: 0,
    offer: { title: { en: 'Hello', zh: '你好' }, body: { en: 'Come in', zh: '进来看看' } },
    budget: { pushesMax: 100_000 },
    attributionDays: 7,
  } as const;
  await dynamoCampaignStore(client, nameOf(env.campaignsTable)).put(campaign, 0);
  await untilFences(cloud, nameOf(env.fenceCollection), fences.length);

  const appKey = await issueKey(
    dynamoDeviceStore(client, nameOf(env.devicesTable)),
    { deviceId: 'app' as DeviceId, kinds: ['people'] },
    Date.now(),
  );
  const fixes = readFixes();
  const persons: PersonId[] = [];
  const beganMs = performance.now();
  await Promise.all(
    [...fixes].map(async ([uid, own]) => {
      const consents = ['location', 'push'].map((purpose) => ({
        purpose,
        granted: true,
        proof: 'data set',
        at: LONG_AGO,
      }));
      const bound = await post(cloud, '/v1/phones', appKey, {
        member: `G${uid}`,
        platform: 'fcm',
        pushToken: `geolife-${uid}`,
        consents,
      });
      const { key, person } = (await bound.json()) as { key: string; person: PersonId };
      persons.push(person);
      // The fixes are older than the binding, so the dry run gets a phone that existed then.
      await people.link(person, {
        kind: 'device',
        value: `then-${uid}`,
        source: 'data set',
        evidence: 'its fixes',
        confidence: 1,
        linkedAtMs: Date.parse(LONG_AGO),
        author: 'verify',
        platform: 'fcm',
        endpointArn: 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/then',
      });
      for (let from = 0; from < own.length; from += POSITIONS_MAX) {
        const positions = own.slice(from, from + POSITIONS_MAX);
        const answer = await post(cloud, '/v1/positions', key, { positions });
        if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
      }
    }),
  );
  const fixCount = [...fixes.values()].reduce((sum, own) => sum + own.length, 0);
  const seconds = (performance.now() - beganMs) / 1_000;
  console.log(
    `${fixCount} fixes of ${fixes.size} people posted in ${seconds.toFixed(0)} s, ${Math.round(fixCount / seconds)} a second`,
  );

  const fromMs = Date.parse('2008-10-01T00:00:00Z');
  const toMs = Date.parse('2009-04-01T00:00:00Z');
  const countEnters = async (id: string): Promise<number> =>
    (await gather(moments.entries(id as StoreId, fromMs, toMs))).length;
  await settled(async () => (await gather(moments.decisions(campaign.campaignId))).length);

  for (const set of SETS) {
    const { totals, per_fence } = reference(set);
    let [found, differing] = [0, 0];
    for (const { id, enter_plain } of per_fence) {
      const enters = await countEnters(id);
      found += enters;
      if (enters !== enter_plain) differing += 1;
    }
    const off = Math.abs(found - totals.enter_plain) / totals.enter_plain;
    hold(
      off <= ENTERS_OFF_MAX,
      `${set}: ${found} times near, the reference has ${totals.enter_plain} (${(off * 100).toFixed(2)} % off, ${differing} of ${per_fence.length} fences differ)`,
    );
  }
  const decisions = await gather(moments.decisions(campaign.campaignId));
  const reasons = Map.groupBy(decisions, ({ reason }) => reason);
  console.log(
    `decisions: ${[...reasons].map(([reason, own]) => `${own.length} ${reason}`).join(', ')}; ${decisions.length} in all`,
  );
  const pushed = reasons.get('dry run') ?? [];
  const byPlace = Map.groupBy(pushed, ({ personId, storeId }) => `${personId} ${storeId}`);
  const tooSoon = [...byPlace.values()].flatMap((own) =>
    own
      .toSorted((a, b) => a.sampleAtMs - b.sampleAtMs)
      .filter(
        ({ sampleAtMs }, at, sorted) =>
          at > 0 && sampleAtMs - (sorted[at - 1]?.sampleAtMs ?? 0) < COOLDOWN_HOURS * HOUR_MS,
      ),
  );
  const most = SETS.reduce((sum, set) => sum + reference(set).totals.enter_gap_reset_and_cooldown_60min, 0);
  hold(
    pushed.length > 0 && tooSoon.length === 0,
    `${pushed.length} pushes, ${tooSoon.length} of them a second one within ${COOLDOWN_HOURS} h to one person near one store (visits by the reference: ${most})`,
  );
  hold(pushed.length <= most, `at most one push per visit: ${pushed.length} pushes, ${most} visits`);
  client.destroy();
}

const post = (cloud: Cloud, path: string, key: string, body: unknown): Promise<Response> =>
  fetch(cloud.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });

async function untilFences(cloud: Cloud, CollectionName: string, count: number): Promise<void> {
  const client = new LocationClient({
    endpoint: cloud.endpoints.location,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    disableHostPrefix: true,
  });
  const until = performance.now() + FENCES_MS_MAX;
  try {
    for (;;) {
      const { Entries } = await client.send(new ListGeofencesCommand({ CollectionName }));
      if (Entries?.length === count) return;
      if (performance.now() > until) throw new Error(`${Entries?.length} fences instead of ${count}`);
      await pause(POLL_MS);
    }
  } finally {
    client.destroy();
  }
}

/** Until a count has not changed for a while. */
async function settled(count: () => Promise<number>): Promise<void> {
  const until = performance.now() + SETTLE_MS_MAX;
  let [last, sinceMs] = [-1, performance.now()];
  while (performance.now() < until) {
    const now = await count();
    if (now !== last) [last, sinceMs] = [now, performance.now()];
    else if (performance.now() - sinceMs > SETTLED_MS) return;
    await pause(POLL_MS);
  }
}

if (existsSync(FOLDER)) {
  const cloud = await startCloud({ port: 0, throttle: 'off' });
  try {
    await verify(cloud);
  } finally {
    await cloud.close();
  }
  process.exitCode = failures.length === 0 ? 0 : 1;
} else {
  console.log(`geolife: skipped, because ${FOLDER} is not there`);
}
