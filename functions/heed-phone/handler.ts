/** What a phone says for its owner: POST /v1/consents, to what they agree; POST /v1/pushes/{push}/open, that they looked. */
import * as v from 'valibot';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoMomentStore } from '#adapters/dynamodb/moment-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ConsentsBody, PHONE_BYTES_MAX } from '#contracts/phones.ts';
import { faultsOfIssues, problem } from '#contracts/problems.ts';
import { type DeviceEvent, requireStoreless } from '../device.ts';
import { type Answer, HttpProblem, httpHandler, jsonBody } from '../http.ts';
import { heedConsents, heedOpening } from './heed-phone.ts';

const client = documentClient();
const moments = requireEnv(process.env, env.momentsTable);
const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  phones: dynamoPhoneStore(client, moments),
  moments: dynamoMomentStore(client, moments),
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  nowMs: Date.now,
};

const NOTED: Answer = { status: 204, body: '' };

export const handler = httpHandler<DeviceEvent>({
  serviceName: 'heed-phone',
  handle: async (event) => {
    const deviceId = requireStoreless(event, 'positions');
    const push = event.pathParameters?.['push'];
    if (push !== undefined) {
      if ((await heedOpening(ports, deviceId, push)) === 'heeded') return NOTED;
      throw new HttpProblem(problem(404, 'no-such-push', 'This phone was sent no such push.'));
    }
    const body = v.safeParse(ConsentsBody, jsonBody(event, PHONE_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-body', 'The consents cannot be read.', faultsOfIssues(body.issues)),
      );
    }
    if ((await heedConsents(ports, deviceId, body.output.consents)) === 'heeded') return NOTED;
    throw new HttpProblem(problem(403, 'bound-to-nobody', 'The phone is bound to nobody.'));
  },
});
