/** GET /v1/visits: the visits of a store's business day. GET /v1/visits/{id}: one of them, with its path. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { problem } from '#contracts/http/problems.ts';
import { VisitResponse, VisitsQuery, VisitsResponse } from '#contracts/http/visits.ts';
import { parseVisitName } from '#domain/place/visits/journey.ts';
import {
  HttpProblem,
  type HttpResponse,
  httpHandler,
  parsedQuery,
  validatedResponse,
} from '../shared/http.ts';
import { requireStore, type StaffEvent } from '../shared/staff-auth.ts';
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

async function getVisit(event: StaffEvent, id: string): Promise<HttpResponse> {
  const notFound = new HttpProblem(problem(404, 'visit-not-found', 'The visit does not exist.'));
  const name = parseVisitName(id);
  if (name === undefined) throw notFound;
  const visit = await readVisit(ports, name, await requireStore(event, name.storeId, chain));
  if (visit === undefined) throw notFound;
  return validatedResponse(VisitResponse, visit);
}

export const handler = httpHandler<StaffEvent>({
  serviceName: 'read-visits',
  handle: async (event) => {
    const id = event.pathParameters?.['id'];
    if (id !== undefined) return getVisit(event, id);
    const query = parsedQuery(VisitsQuery, event);
    const store = await requireStore(event, query.store, chain);
    return validatedResponse(VisitsResponse, await readVisits(ports, query, store));
  },
});
