/** GET /v1/products/top: the products with the most units, net sales or returns. */
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { RankingQuery, RankingResponse } from '#contracts/http/figures.ts';
import { httpHandler, parsedQuery, validatedResponse } from '../shared/http.ts';
import { requireScope, type StaffEvent } from '../shared/staff-auth.ts';
import { rankProducts } from './rank-products.ts';

const client = documentClient();
const cellsTable = requireEnv(process.env, env.cellsTable);
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = { cells: dynamoCellStore(client, cellsTable), sums: dynamoSummaryStore(client, cellsTable) };

export const handler = httpHandler<StaffEvent>({
  serviceName: 'rank-products',
  handle: async (event) => {
    const query = parsedQuery(RankingQuery, event);
    const { currency } = await requireScope(event, query.scope, chain);
    return validatedResponse(RankingResponse, await rankProducts(ports, query, currency));
  },
});
