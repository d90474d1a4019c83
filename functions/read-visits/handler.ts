/** GET /v1/visits: the visits of a store's day. GET /v1/visits/{id}: one of them, with its path. */

import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { problem } from '#contracts/http/problems.ts';
import { VisitResponse, VisitsQuery, VisitsResponse } from '#contracts/http/visits.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { parseVisitName } from '#domain/place/visits/journey.ts';
import {
  HttpProblem,
  type HttpResponse,
  httpHandler,
  parsedQuery,
  validatedResponse,
} from '../shared/http.ts';
import { requireScope, type StaffEvent } from '../shared/staff-auth.ts';
import { readVisit } from './read-visit.ts';
import { readVisits } from './read-visits.ts';

const client = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(client, chainTable);
const ports = {
  visits: dynamoVisitStore(client, requireEnv(process.env, env.visitsTable)),
  facts: dynamoFactStore(client, requireEnv(process.env, env.factsTable)),
  sensors: dynamoSensorStore(client, chainTable),
  nowMs: Date.now,
};

async function storeOf(event: StaffEvent, id: StoreId): Promise<Store> {
  const { stores } = await requireScope(event, { kind: 'store', id }, chain);
  const [store] = stores;
  if (store === undefined) throw new Error(`a scope of store ${id} holds no store`);
  return store;
}

async function one(event: StaffEvent, text: string): Promise<HttpResponse> {
  const noSuch = new HttpProblem(problem(404, 'visit-not-found', 'The visit does not exist.'));
  const name = parseVisitName(text);
  if (name === undefined) throw noSuch;
  const found = await readVisit(ports, name, await storeOf(event, name.storeId));
  if (found === undefined) throw noSuch;
  return validatedResponse(VisitResponse, found);
}

export const handler = httpHandler<StaffEvent>({
  serviceName: 'read-visits',
  handle: async (event) => {
    const id = event.pathParameters?.['id'];
    if (id !== undefined) return one(event, id);
    const query = parsedQuery(VisitsQuery, event);
    return validatedResponse(
      VisitsResponse,
      await readVisits(ports, query, await storeOf(event, query.store)),
    );
  },
});
