/** What a phone says for its owner: POST /v1/consents, to what they agree; POST /v1/pushes/{push}/open, that they looked. */
import * as v from 'valibot';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { ConsentsRequest, PHONE_BYTES_MAX } from '#contracts/http/phones.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, type HttpResponse, httpHandler, jsonBody } from '../shared/http.ts';
import { recordConsents, recordPushOpen } from './record-consents.ts';

const client = documentClient();
const moments = requireEnv(process.env, env.campaignsTable);
const ports = {
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  phones: dynamoPhoneStore(client, moments),
  moments: dynamoPushDecisionStore(client, moments),
  tracker: locationTracker(locationClient(), requireEnv(process.env, env.trackerName)),
  nowMs: Date.now,
};

const NOTED: HttpResponse = { status: 204, body: '' };

export const handler = httpHandler<DeviceEvent>({
  serviceName: 'record-consents',
  handle: async (event) => {
    const deviceId = requireChainDevice(event, 'positions');
    const push = event.pathParameters?.['push'];
    if (push !== undefined) {
      if ((await recordPushOpen(ports, deviceId, push)) === 'heeded') return NOTED;
      throw new HttpProblem(problem(404, 'push-not-found', 'The push was not sent to this phone.'));
    }
    const body = v.safeParse(ConsentsRequest, jsonBody(event, PHONE_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-body', 'The body is not valid.', fieldErrorsOf(body.issues)),
      );
    }
    if ((await recordConsents(ports, deviceId, body.output.consents)) === 'heeded') return NOTED;
    throw new HttpProblem(problem(403, 'phone-not-linked', 'The phone is not linked to a customer.'));
  },
});
