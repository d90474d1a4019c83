/** POST /v1/positions: where a shopper's phone was. It answers for each position; none is written anywhere but in the tracker. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { RETRY_AFTER_SECONDS } from '#application/ingestion/batch-response.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { POSITIONS_BYTES_MAX, PositionsRequest, PositionsResponse } from '#contracts/http/phones.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, jsonBody } from '../shared/http.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { ingestPositions } from './ingest-positions.ts';

const serviceName = 'ingest-positions';
const metrics = new Metrics({ serviceName });
const client = documentClient();
const phones = dynamoPhoneStore(client, requireEnv(process.env, env.campaignsTable));
const people = dynamoPersonStore(client, requireEnv(process.env, env.peopleTable));

/** Who withdraws their consent is not followed for longer than this by a function that still remembers it. */
const CONSENT_REMEMBERED_MS = 5_000;

async function readConsent(deviceId: DeviceId): Promise<boolean | undefined> {
  const phone = await phones.get(deviceId);
  return phone && hasConsent(await people.consents(phone.personId), 'location', Date.now());
}

const ports = {
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  mayLocate: cachedFor(readConsent, CONSENT_REMEMBERED_MS, Date.now),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const deviceId = requireChainDevice(event, 'positions');
    const body = v.safeParse(PositionsRequest, jsonBody(event, POSITIONS_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-body', 'The body is not valid.', fieldErrorsOf(body.issues)),
      );
    }
    const taken = await ingestPositions(ports, deviceId, body.output.positions);
    if (taken.kind === 'unbound')
      throw new HttpProblem(problem(403, 'phone-not-linked', 'The phone is not linked to a customer.'));
    if (taken.kind === 'no consent') {
      const detail = 'The owner of the phone has not consented to location; the positions were discarded.';
      throw new HttpProblem(problem(403, 'no-location-consent', detail));
    }
    const { answer, isBusy } = taken;
    metrics.addMetric('PositionsAccepted', MetricUnit.Count, answer.accepted);
    metrics.addMetric('PositionsRefused', MetricUnit.Count, answer.refused.length);
    metrics.publishStoredMetrics();
    return {
      status: isBusy ? 429 : answer.refused.length === 0 ? 202 : answer.accepted === 0 ? 400 : 207,
      body: v.parse(PositionsResponse, answer),
      ...(isBusy && { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }),
    };
  },
});
