/** GET /v1/heatmap: how many people were in each zone of a store, by time of day, and for how long. */
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoVisitStore } from '#adapters/dynamodb/visit-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { HeatmapQuery, HeatmapResponse } from '#contracts/http/visits.ts';
import { httpHandler, parsedQuery, validatedResponse } from '../shared/http.ts';
import { requireStore, type StaffEvent } from '../shared/staff-auth.ts';
import { readHeatmap } from './read-heatmap.ts';

const client = documentClient();
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = {
  visits: dynamoVisitStore(client, requireEnv(process.env, env.visitsTable)),
  cells: dynamoCellStore(client, requireEnv(process.env, env.cellsTable)),
};

export const handler = httpHandler<StaffEvent>({
  serviceName: 'read-heatmap',
  handle: async (event) => {
    const query = parsedQuery(HeatmapQuery, event);
    const store = await requireStore(event, query.store, chain);
    return validatedResponse(HeatmapResponse, await readHeatmap(ports, query, store));
  },
});
