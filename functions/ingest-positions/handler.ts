/** POST /v1/positions: a phone's positions → the tracker, and no other place. The response lists each rejected position. */
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { POSITIONS_BYTES_MAX, PositionsRequest, PositionsResponse } from '#contracts/http/phones.ts';
import { problem } from '#contracts/http/problems.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import { createCounter } from '../shared/counter.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, parsedBody } from '../shared/http.ts';
import { ingestResponse } from '../shared/ingest-response.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { ingestPositions } from './ingest-positions.ts';

const serviceName = 'ingest-positions';
const count = createCounter(serviceName);
const client = documentClient();
const phones = dynamoPhoneStore(client, requireEnv(process.env, env.campaignsTable));
const people = dynamoPersonStore(client, requireEnv(process.env, env.peopleTable));

/** A withdrawn consent takes effect within this. */
const CONSENT_TTL_MS = 5_000;

async function readConsent(deviceId: DeviceId): Promise<boolean | undefined> {
  const phone = await phones.get(deviceId);
  return phone && hasConsent(await people.consents(phone.personId), 'location', Date.now());
}

const ports = {
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  mayLocate: cachedFor(readConsent, CONSENT_TTL_MS, Date.now),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const deviceId = requireChainDevice(event, 'positions');
    const { positions } = parsedBody(PositionsRequest, event, {
      bytesMax: POSITIONS_BYTES_MAX,
      name: 'invalid-body',
      numbers: 'double',
    });
    const ingested = await ingestPositions(ports, deviceId, positions);
    switch (ingested.kind) {
      case 'not linked':
        throw new HttpProblem(problem(403, 'phone-not-linked', 'The phone is not linked to a customer.'));
      case 'no consent': {
        const detail = 'The owner of the phone has not consented to location; the positions were discarded.';
        throw new HttpProblem(problem(403, 'no-location-consent', detail));
      }
      case 'ingested': {
        const { response, isThrottled } = ingested;
        const { accepted, refused } = response;
        count({ PositionsAccepted: accepted, PositionsRejected: refused.length });
        const status = isThrottled ? 429 : refused.length === 0 ? 202 : accepted === 0 ? 400 : 207;
        return ingestResponse(PositionsResponse, status, response);
      }
    }
  },
});
