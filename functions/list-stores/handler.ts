/** GET /v1/stores → the stores within the caller's scopes. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { StoresAnswer } from '#contracts/figures.ts';
import { type CallerEvent, grantsOfCaller } from '../caller.ts';
import { answered, httpHandler } from '../http.ts';
import { listStores } from './list-stores.ts';

const chain = dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable));

export const handler = httpHandler<CallerEvent>({
  serviceName: 'list-stores',
  handle: async (event) =>
    answered(StoresAnswer, await listStores({ chain, nowMs: Date.now }, grantsOfCaller(event))),
});
