/** `aisle stock …`: what stores have on hand, as whatever keeps their stock has counted it. */
import { resolve } from 'node:path';
import type { StockCount } from '#adapters/dynamodb/stock-store.ts';
import { formatLocalTime, offsetMinutesAt, parseLocalTime } from '#domain/chain/business-day.ts';
import { isForeignId, type ProductId, type StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError } from '../command.ts';
import { type Row, readTable } from '../input/csv-table.ts';

const ON_HAND = /^\d{1,9}$/;

/** A clock may be that much fast. A count from later than that would be the newest for as long as it takes to come true. */
const AHEAD_MS_MAX = 5 * 60_000;

/** A count as a row tells it; throws what is wrong with it. */
function countOf(row: Row, stores: ReadonlyMap<string, Store>, nowMs: number): StockCount {
  const { store: storeId = '', product = '', onHand = '', asOf = '' } = row;
  const store = stores.get(storeId);
  if (store === undefined) throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
  if (!isForeignId(product)) throw new UserError(`"${product}" cannot name a product`);
  if (!ON_HAND.test(onHand)) {
    throw new UserError(`onHand "${onHand}" is not a whole number from 0, of nine digits at most`);
  }
  const time = asOf === '' ? undefined : parseLocalTime(asOf, store.timeZone);
  if (asOf !== '' && time === undefined) {
    throw new UserError(`asOf "${asOf}" is not a time such as 2026-11-22T21:30`);
  }
  const asOfMs = time?.instantMs ?? nowMs;
  if (asOfMs > nowMs + AHEAD_MS_MAX) throw new UserError(`asOf "${asOf}" is still to come`);
  return { storeId: store.storeId, productId: product as ProductId, onHand: Number(onHand), asOfMs };
}

export const stockImport: Command = {
  name: 'stock import',
  summary: 'take in what stores have on hand, from a CSV',
  help: `Usage: aisle stock import stock.csv

A CSV with the columns store, product, onHand and, where it is known, asOf. Nothing is written unless
every row is sound. A count replaces the one before, unless that one is newer.

  product   the product's id, as the tills send it
  onHand    pieces, a whole number from 0
  asOf      when they were counted: 2026-11-22T21:30, by the clock on the store's wall, or with an
            offset (2026-11-22T13:30Z); now where left out

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const cloud = openCloud(values, terminal);
    const stores = new Map((await cloud.chain().stores()).map((store) => [String(store.storeId), store]));
    const columns = { required: ['store', 'product', 'onHand'], optional: ['asOf'] };
    const nowMs = terminal.nowMs();
    const counts = readTable(path, columns, (row) => countOf(row, stores, nowMs));
    const { kept, older } = await cloud.stock().put(counts);
    terminal.out(
      `${kept} counts are kept${older === 0 ? '' : `; ${older} were older than what is known`}.\n`,
    );
    return EXIT.ok;
  },
};

export const stockList: Command = {
  name: 'stock list',
  summary: 'list what a store has on hand',
  help: `Usage: aisle stock list --store sz01\n\n${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS });
    const storeId = required(values.store, '--store') as StoreId;
    const cloud = openCloud(values, terminal);
    const store = await cloud.chain().store(storeId);
    if (store === undefined) throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
    const rows = (await cloud.stock().of(storeId)).map(({ productId, onHand, asOfMs }) => [
      productId,
      String(onHand),
      formatLocalTime({ instantMs: asOfMs, offsetMinutes: offsetMinutesAt(asOfMs, store.timeZone) }),
    ]);
    terminal.out(`${table(['product', 'on hand', 'as of'], rows)}\n`);
    return EXIT.ok;
  },
};
