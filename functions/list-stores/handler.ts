/** GET /v1/stores → the stores within the caller's scopes. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { StoresResponse } from '#contracts/http/figures.ts';
import { httpHandler, validatedResponse } from '../shared/http.ts';
import { type StaffEvent, staffScopes } from '../shared/staff-auth.ts';
import { listStores } from './list-stores.ts';

const chain = dynamoChainStore(documentClient(), requireEnv(process.env, env.chainTable));

export const handler = httpHandler<StaffEvent>({
  serviceName: 'list-stores',
  handle: async (event) =>
    validatedResponse(StoresResponse, await listStores({ chain, nowMs: Date.now }, staffScopes(event))),
});
