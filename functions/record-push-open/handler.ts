/** POST /v1/pushes/{push}/open: a phone reports that its owner opened a push. */
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPhoneStore } from '#adapters/dynamodb/phone-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { problem } from '#contracts/http/problems.ts';
import { type DeviceEvent, requireChainDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler } from '../shared/http.ts';
import { recordPushOpen } from './record-push-open.ts';

const client = documentClient();
const table = requireEnv(process.env, env.campaignsTable);
const ports = {
  phones: dynamoPhoneStore(client, table),
  pushDecisions: dynamoPushDecisionStore(client, table),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName: 'record-push-open',
  handle: async (event) => {
    const deviceId = requireChainDevice(event, 'positions');
    const push = event.pathParameters?.['push'] ?? '';
    if ((await recordPushOpen(ports, deviceId, push)) === 'recorded') return { status: 204, body: '' };
    throw new HttpProblem(problem(404, 'push-not-found', 'The push was not sent to this phone.'));
  },
});
