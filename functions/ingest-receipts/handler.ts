/** POST /v1/receipts: a till's receipts → the log. */
import { setTimeout as pause } from 'node:timers/promises';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { RETRY_AFTER_SECONDS } from '#application/ingestion/batch-response.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import { BATCH_BYTES_MAX, ReceiptsRequest, ReceiptsResponse } from '#contracts/http/receipts.ts';
import { type DeviceEvent, requireDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, jsonBody } from '../shared/http.ts';
import { cachedStoreReader } from '../shared/store-config.ts';
import { ingestReceipts } from './ingest-receipts.ts';

const serviceName = 'ingest-receipts';
const metrics = new Metrics({ serviceName });
const chain = dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

/** A store's zone and day cut hardly ever change; a minute late is soon enough. */
const STORE_REMEMBERED_MS = 60_000;
const storeOf = cachedStoreReader(chain.store, STORE_REMEMBERED_MS);

const ports = {
  log,
  nowMs: Date.now,
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'receipts');
    const body = v.safeParse(ReceiptsRequest, jsonBody(event, BATCH_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-batch', 'The body is not valid.', fieldErrorsOf(body.issues)),
      );
    }
    const store = await storeOf(device.storeId);
    const { status, answer } = await ingestReceipts(ports, store, device.deviceId, body.output.receipts);
    metrics.addMetric('ReceiptsAccepted', MetricUnit.Count, answer.accepted);
    metrics.addMetric('ReceiptsRefused', MetricUnit.Count, answer.refused);
    metrics.addMetric('ReceiptsNotAccepted', MetricUnit.Count, answer.notAccepted);
    metrics.publishStoredMetrics();
    return {
      status,
      body: v.parse(ReceiptsResponse, answer),
      headers: status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
    };
  },
});
