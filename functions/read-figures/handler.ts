/** GET /v1/figures: figures of a store, a city, a region or the chain, within the caller's scopes. */
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { FiguresQuery, FiguresResponse } from '#contracts/http/figures.ts';
import { httpHandler, parsedQuery, validatedResponse } from '../shared/http.ts';
import { requireScope, type StaffEvent } from '../shared/staff-auth.ts';
import { readFigures } from './read-figures.ts';

const client = documentClient();
const cellsTable = requireEnv(process.env, env.cellsTable);
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(client, chainTable);
const ports = {
  chain,
  cells: dynamoCellStore(client, cellsTable),
  sums: dynamoSummaryStore(client, cellsTable),
  sensors: dynamoSensorStore(client, chainTable),
  nowMs: Date.now,
};

export const handler = httpHandler<StaffEvent>({
  serviceName: 'read-figures',
  handle: async (event) => {
    const query = parsedQuery(FiguresQuery, event);
    const { stores, currency } = await requireScope(event, query.scope, chain);
    return validatedResponse(FiguresResponse, await readFigures(ports, query, stores, currency));
  },
});
