/** POST /v1/receipts: a till's receipts → the log. */
import { setTimeout as pause } from 'node:timers/promises';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { faultsOfIssues, problem } from '#contracts/problems.ts';
import { BATCH_BYTES_MAX, ReceiptsAnswer, ReceiptsBody } from '#contracts/receipts.ts';
import { type DeviceEvent, requireDevice } from '../device.ts';
import { RETRY_AFTER_SECONDS } from '../entries.ts';
import { HttpProblem, httpHandler, jsonBody } from '../http.ts';
import { storeReader } from '../set-up.ts';
import { takeReceipts } from './take-receipts.ts';

const serviceName = 'take-receipts';
const metrics = new Metrics({ serviceName });
const chain = dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

/** A store's zone and day cut hardly ever change; a minute late is soon enough. */
const STORE_REMEMBERED_MS = 60_000;
const storeOf = storeReader(chain.store, STORE_REMEMBERED_MS);

const ports = {
  log,
  nowMs: Date.now,
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'receipts');
    const body = v.safeParse(ReceiptsBody, jsonBody(event, BATCH_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-batch', 'The body is not valid.', faultsOfIssues(body.issues)),
      );
    }
    const store = await storeOf(device.storeId);
    const { status, answer } = await takeReceipts(ports, store, device.deviceId, body.output.receipts);
    metrics.addMetric('ReceiptsAccepted', MetricUnit.Count, answer.accepted);
    metrics.addMetric('ReceiptsRefused', MetricUnit.Count, answer.refused);
    metrics.addMetric('ReceiptsNotTaken', MetricUnit.Count, answer.notTaken);
    metrics.publishStoredMetrics();
    return {
      status,
      body: v.parse(ReceiptsAnswer, answer),
      headers: status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
    };
  },
});
