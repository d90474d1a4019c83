/** Kinesis `events` → customers, their purchases and visits. A store that fails is retried from its first record. */
import { randomBytes } from 'node:crypto';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { personIdOf } from '#domain/people/customers/customer.ts';
import { streamHandler } from '../shared/stream-handler.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { recordPurchases } from './record-purchases.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));

/** A store stays in its city, and a chain in its country. */
const CHAIN_TTL_MS = 60_000;
const chainOf = cachedFor((_: 'chain') => chain.chain(), CHAIN_TTL_MS, Date.now);
const storeOf = cachedFor((storeId: StoreId) => chain.store(storeId), CHAIN_TTL_MS, Date.now);

const PERSON_ID_BYTES = 16;

const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  cityOf: async (storeId: StoreId) => (await storeOf(storeId))?.cityId,
  country: async () => (await chainOf('chain'))?.country,
  newPersonId: () => personIdOf(randomBytes(PERSON_ID_BYTES)),
};

export const handler = streamHandler({
  serviceName: 'record-purchases',
  consume: (records) => recordPurchases(ports, records),
  countsOf: ({ purchases, visitorDays, rejectedLinks, overused }) => ({
    PurchasesRecorded: purchases,
    MemberVisitsRecorded: visitorDays,
    LinksRejected: rejectedLinks,
    OverusedNumbers: overused,
  }),
  report: (projected, logger) => {
    if (projected.unclaimed + projected.unreadable + projected.overused > 0)
      logger.info('skipped receipts without a known customer', { ...projected });
  },
});
