/** POST /v1/receipts: a till's receipts → the event log. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { BATCH_BYTES_MAX, ReceiptsRequest, ReceiptsResponse } from '#contracts/http/receipts.ts';
import { createCounter } from '../shared/counter.ts';
import { type DeviceEvent, requireDevice } from '../shared/device-auth.ts';
import { httpHandler, parsedBody } from '../shared/http.ts';
import { ingestResponse } from '../shared/ingest-response.ts';
import { retryClock } from '../shared/retry-clock.ts';
import { cachedStoreReader } from '../shared/store-config.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { ingestReceipts } from './ingest-receipts.ts';

const serviceName = 'ingest-receipts';
const count = createCounter(serviceName);
const chain = dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

/** A store's time zone and day cut hardly ever change. */
const STORE_TTL_MS = 60_000;
const storeOf = cachedStoreReader(chain.store, STORE_TTL_MS);

/** A chain that is not set up yet is cached as empty, which spares a read per request. */
const chainOf = cachedFor(async (_: 'chain') => (await chain.chain()) ?? {}, STORE_TTL_MS, Date.now);

const ports = {
  log,
  chain: () => chainOf('chain'),
  nowMs: Date.now,
  pauses: retryClock,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'receipts');
    const body = parsedBody(ReceiptsRequest, event, {
      bytesMax: BATCH_BYTES_MAX,
      name: 'invalid-batch',
    });
    const store = await storeOf(device.storeId);
    const { status, response } = await ingestReceipts(ports, store, device.deviceId, body.receipts);
    const { accepted, refused, notAccepted } = response;
    count({ ReceiptsAccepted: accepted, ReceiptsRejected: refused, ReceiptsThrottled: notAccepted });
    return ingestResponse(ReceiptsResponse, status, response);
  },
});
