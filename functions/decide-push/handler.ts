/** EventBridge: a phone entered a store's geofence → which campaigns send its owner a push. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import { snsClient } from '#adapters/push/client.ts';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { GeofenceEvent } from '#contracts/events/geofence-event.ts';
import { compileAudience } from '#domain/campaigns/audience.ts';
import { createCounter } from '../shared/counter.ts';
import { eventHandler } from '../shared/event-handler.ts';
import { pushApplications } from '../shared/push-applications.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { decidePush } from './decide-push.ts';

const serviceName = 'decide-push';
const count = createCounter(serviceName);
const client = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const campaignsTable = requireEnv(process.env, env.campaignsTable);
const chain = dynamoChainStore(client, chainTable);
const stock = dynamoStockStore(client, chainTable);
const campaigns = dynamoCampaignStore(client, campaignsTable);

/** A paused campaign stops within this. */
const CAMPAIGNS_TTL_MS = 5_000;
const STORE_TTL_MS = 60_000;
const TOKEN_BYTES = 16;

async function readCampaigns() {
  const all = await campaigns.list();
  return all
    .filter(({ status }) => status === 'live' || status === 'dry-run')
    .map((campaign) => {
      const compiled = compileAudience(campaign.audience);
      return { campaign, audience: compiled.kind === 'compiled' ? compiled.audience : undefined };
    });
}
const running = cachedFor((_: 'all') => readCampaigns(), CAMPAIGNS_TTL_MS, Date.now);

const chainOf = cachedFor((_: 'chain') => chain.chain(), STORE_TTL_MS, Date.now);

const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  phones: dynamoPhoneStore(client, campaignsTable),
  pushDecisions: dynamoPushDecisionStore(client, campaignsTable),
  campaigns,
  push: snsPhonePush(snsClient(), pushApplications(process.env)),
  running: async () => (await running('all')) ?? [],
  store: cachedFor(chain.store, STORE_TTL_MS, Date.now),
  onHand: async (...where: Parameters<typeof stock.onHand>) => (await stock.onHand(...where))?.onHand,
  sender: async () => {
    const name = (await chainOf('chain'))?.name;
    if (name === undefined) throw new Error('the chain has no name, and a push without a sender is unlawful');
    return name;
  },
  newToken: () => randomBytes(TOKEN_BYTES).toString('base64url'),
  nowMs: Date.now,
};

export const handler = eventHandler<unknown, void>({
  serviceName,
  handle: async (event, { logger }) => {
    const { detail, time } = v.parse(GeofenceEvent, event);
    if (detail.EventType !== 'ENTER') return;
    const { decisions, sent } = await decidePush(ports, {
      deviceId: detail.DeviceId,
      storeId: detail.GeofenceId,
      sampleAtMs: detail.SampleTime,
      receivedAtMs: time,
    });
    count({ PushesDecided: decisions.length, PushesSent: sent });
    logger.debug('geofence entry decided', { store: detail.GeofenceId, decisions });
  },
});
