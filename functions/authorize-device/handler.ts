/** The gateway's authorizer of devices: Authorization header → the device in the request's context, or a refusal. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import type { DeviceContext } from '../shared/device-auth.ts';
import { authorizeDevice, contextOf } from './authorize-device.ts';

const logger = new Logger({ serviceName: 'authorize-device' });
const devices = dynamoDeviceStore(documentClient(), requireEnv(process.env, env.devicesTable));

export const handler = middy<
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult<DeviceContext>,
  Error,
  Context
>()
  // The event holds the key, so not even POWERTOOLS_LOGGER_LOG_EVENT may have it logged.
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const admission = await authorizeDevice({ devices, nowMs: Date.now }, event.headers?.['authorization']);
    if (admission.kind === 'refused') logger.warn('device refused', { why: admission.why });
    return { isAuthorized: true, context: contextOf(admission) };
  });
