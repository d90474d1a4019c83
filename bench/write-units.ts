/**
 * Measures the cost of counting: DynamoDB write units per 1,000 receipts, at batch sizes of 1, 10, 100 and 1,000 records and
 * 1, 10 and 100 stores, as reported by the local server (ConsumedCapacity), with the real count-events and roll-up.
 *
 *   npm run bench:write-units [-- --receipts 1000]
 *
 * The roll-up above the stores runs once, at the end, because its cost is per second of trade, not per receipt. Receipts have
 * 1 to 6 lines of 60 products and fall within one hour, as on a busy evening. Two alternatives are computed from the same
 * cells: a transaction per receipt (claim and cells together, the recipe of AWS's workshop) at twice the units, and an ADD
 * per receipt and cell without a claim, which is not exact.
 */
import { parseArgs } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { dynamoCellStore } from '#adapters/dynamodb/cell-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoFactStore } from '#adapters/dynamodb/fact-store.ts';
import { dynamoSummaryStore } from '#adapters/dynamodb/summary-store.ts';
import { type LogRecord, padSequence } from '#application/ports/event-log.ts';
import type { ChangeNotice } from '#contracts/events/change-notices.ts';
import { receiptClosed, receiptData } from '#contracts/events/receipt-closed.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import type { CityId, ProductId, ReceiptNo, RegionId, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { cellsOf } from '#domain/place/figures/receipt-cells.ts';
import { countEvents } from '#functions/count-events/count-events.ts';
import { rollUp } from '#functions/roll-up/roll-up.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import { startDynamoDb } from '#local/servers/dynamodb/server.ts';
import { machine, seededRandom } from './support.ts';

const { values } = parseArgs({ options: { receipts: { type: 'string', default: '1000' } } });
const RECEIPTS = Number(values.receipts);
const BATCHES = [1, 10, 100, 1_000];
const STORES = [1, 10, 100];
const DAY = '2026-11-22' as BusinessDay;
const START_MS = Date.UTC(2026, 10, 22, 11);

const dynamoDb = await startDynamoDb({});
const client = documentClient({
  endpoint: dynamoDb.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
let units = { claims: 0, cells: 0, sums: 0 };
let phase: keyof typeof units = 'cells';
client.middlewareStack.add(
  (next, context) => async (args) => {
    Object.assign(args.input as object, { ReturnConsumedCapacity: 'TOTAL' });
    const result = await next(args);
    const { commandName } = context as { commandName?: string };
    if (commandName === 'PutItemCommand' || commandName === 'UpdateItemCommand') {
      const kind = phase === 'sums' ? 'sums' : commandName === 'PutItemCommand' ? 'claims' : 'cells';
      units[kind] +=
        (result.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity
          ?.CapacityUnits ?? 0;
    }
    return result;
  },
  { step: 'initialize', name: 'countUnits' },
);

console.log(`${machine()}; ${RECEIPTS} receipts per row; write units per 1,000 receipts\n`);
console.log('stores  batch |  claims   cells    sums     all | transaction each  naive ADD');
try {
  for (const stores of STORES) for (const batch of BATCHES) await row(stores, batch);
} finally {
  client.destroy();
  await dynamoDb.close();
}

async function row(storeCount: number, batchSize: number): Promise<void> {
  const random = seededRandom(7);
  const table = `bench-${storeCount}-${batchSize}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  units = { claims: 0, cells: 0, sums: 0 };
  const stores = Array.from({ length: storeCount }, (_, index) => storeAt(index));
  const receipts = Array.from({ length: RECEIPTS }, (_, index) => receiptAt(index, stores, random));
  const notices: ChangeNotice[] = [];
  const queue = { send: async (more: readonly ChangeNotice[]) => void notices.push(...more) };
  const cells = dynamoCellStore(client, table);
  const ports = {
    facts: dynamoFactStore(client, table),
    cells,
    deadLetters: dynamoDeadLetterStore(client, table),
    changes: queue,
    productChanges: queue,
    reporting: reportingSensors(),
    nowMs: Date.now,
  };
  for (let start = 0; start < receipts.length; start += batchSize) {
    const records = receipts.slice(start, start + batchSize).map(
      (receipt, index): LogRecord => ({
        key: receipt.storeId,
        sequence: padSequence(String(start + index + 1)),
        arrivedAtMs: receipt.closedAt.instantMs,
        bytes: Buffer.from(JSON.stringify(receiptClosed(receipt, '/bench'))),
      }),
    );
    phase = 'cells';
    const { failures } = await countEvents(ports, records);
    if (failures[0] !== undefined) throw failures[0].error;
  }
  phase = 'sums';
  const chain = { stores: async () => stores, targetsOn: async () => [] };
  await rollUp({ chain, cells, sums: dynamoSummaryStore(client, table), isTimeLeft: () => true }, notices);
  const touched = receipts.reduce((count, receipt) => count + cellsOf(receipt).length, 0);
  const factUnits = receipts.reduce(
    (count, receipt) => count + Math.ceil((JSON.stringify(receiptData(receipt)).length + 300) / 1024),
    0,
  );
  const per = (count: number): string => ((count * 1_000) / RECEIPTS).toFixed(0).padStart(7);
  console.log(
    `${String(storeCount).padStart(6)} ${String(batchSize).padStart(6)} | ${per(units.claims)} ${per(units.cells)} ${per(units.sums)} ${per(units.claims + units.cells + units.sums)} | ${per(2 * (factUnits + touched)).padStart(16)} ${per(touched).padStart(10)}`,
  );
}

function storeAt(index: number): Store {
  return {
    storeId: `s${index}` as StoreId,
    name: `s${index}`,
    cityId: `c${index % 10}` as CityId,
    regionId: `r${index % 2}` as RegionId,
    timeZone: 'Asia/Shanghai',
    dayCutMinutes: 0,
    currency: 'CNY',
    tills: ['1' as TillId, '2' as TillId],
  };
}

function receiptAt(index: number, stores: readonly Store[], random: () => number): Receipt {
  const store = stores[index % stores.length] as Store;
  return {
    storeId: store.storeId,
    tillId: String(1 + Math.floor(random() * 2)) as TillId,
    businessDay: DAY,
    receiptNo: String(index) as ReceiptNo,
    closedAt: { instantMs: START_MS + Math.floor((index / RECEIPTS) * HOUR_MS), offsetMinutes: 480 },
    cashierId: `staff-${Math.floor(random() * 3)}` as StaffId,
    lines: Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
      productId: `P${Math.floor(random() * 60)}` as ProductId,
      name: 'A product of the chain',
      quantity: 1,
      unitPrice: 1_999_000n,
      discount: 0n,
    })),
    discount: 0n,
    payments: [],
  };
}
