/** The gateway's Lambda authorizer: Authorization header → the device in the request's context, or the reason for none. */
import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import type { DeviceContext } from '../shared/device-auth.ts';
import { eventHandler } from '../shared/event-handler.ts';
import { authorizeDevice, contextOf } from './authorize-device.ts';

const devices = dynamoDeviceStore(documentClient(), requireEnv(process.env, env.devicesTable));

export const handler = eventHandler<
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult<DeviceContext>
>({
  serviceName: 'authorize-device',
  handle: async (event, { logger }) => {
    const admission = await authorizeDevice({ devices, nowMs: Date.now }, event.headers?.['authorization']);
    if (admission.kind === 'refused') logger.warn('device rejected', { reason: admission.why });
    return { isAuthorized: true, context: contextOf(admission) };
  },
});
