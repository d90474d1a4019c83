/** POST /v1/consents: a phone reports what its owner agrees to. */
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ConsentsRequest, PHONE_BYTES_MAX } from '#contracts/http/phones.ts';
import { problem } from '#contracts/http/problems.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, parsedBody } from '../shared/http.ts';
import { recordConsents } from './record-consents.ts';

const client = documentClient();
const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  phones: dynamoPhoneStore(client, requireEnv(process.env, env.campaignsTable)),
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName: 'record-consents',
  handle: async (event) => {
    const deviceId = requireChainDevice(event, 'positions');
    const { consents } = parsedBody(ConsentsRequest, event, {
      bytesMax: PHONE_BYTES_MAX,
      name: 'invalid-body',
    });
    if ((await recordConsents(ports, deviceId, consents)) === 'recorded') return { status: 204, body: '' };
    throw new HttpProblem(problem(403, 'phone-not-linked', 'The phone is not linked to a customer.'));
  },
});
