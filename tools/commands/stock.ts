/** `aisle stock …`: stock on hand per store and product, imported from the chain's inventory system. */
import { resolve } from 'node:path';
import type { StockCount } from '#application/ports/stock-store.ts';
import { formatLocalTime, offsetMinutesAt, parseLocalTime } from '#domain/chain/business-day.ts';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import { isForeignId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { productCode } from '#domain/goods/product-code.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud, requireStore, unknownStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError } from '../command.ts';
import { firstErrors, type Row, readValidRows } from '../input/csv-table.ts';
import { readTableId } from '../input/table-id.ts';

const ON_HAND = /^\d{1,9}$/;

/** Tolerated clock skew. A count further in the future would reject all newer counts until that time. */
const CLOCK_SKEW_MS_MAX = 5 * MINUTE_MS;

/** Returns the stock count of a row. Throws a UserError where the row is invalid. */
function countOf(row: Row, stores: ReadonlyMap<string, Store>, nowMs: number): StockCount {
  const { store: storeId = '', product = '', onHand = '', asOf = '' } = row;
  const store = stores.get(storeId);
  if (store === undefined) throw unknownStore(storeId);
  readTableId(product);
  if (!isForeignId(product)) throw new UserError(`"${product}" is not a valid product id`);
  if (!ON_HAND.test(onHand)) {
    throw new UserError(`onHand "${onHand}" is not a whole number from 0 to 999999999`);
  }
  const time = asOf === '' ? undefined : parseLocalTime(asOf, store.timeZone);
  if (asOf !== '' && time === undefined) {
    throw new UserError(`asOf "${asOf}" is not a time such as 2026-11-22T21:30`);
  }
  const asOfMs = time?.instantMs ?? nowMs;
  if (asOfMs > nowMs + CLOCK_SKEW_MS_MAX) throw new UserError(`asOf "${asOf}" is in the future`);
  return { storeId: store.storeId, productId: productCode(product), onHand: Number(onHand), asOfMs };
}

export const stockImport: Command = {
  name: 'stock import',
  summary: 'import stock on hand from a CSV',
  help: `Usage: aisle stock import stock.csv [--encoding gbk]

A CSV with the columns store, product, onHand and optionally asOf. Rows that are not valid are printed and
left out, and the exit code is then 3. A count replaces an older one; older counts in the file are ignored.

  product   product id, as the tills send it
  onHand    pieces, a whole number from 0
  asOf      time of the count: 2026-11-22T21:30, local to the store, or with an offset
            (2026-11-22T13:30Z); default: now

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { encoding: { type: 'string' }, ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const cloud = openCloud(values, terminal);
    const stores = new Map((await cloud.chain().stores()).map((store) => [String(store.storeId), store]));
    const columns = { required: ['store', 'product', 'onHand'], optional: ['asOf'] };
    const nowMs = terminal.nowMs();
    const { items: counts, errors } = readValidRows(
      path,
      columns,
      (row) => countOf(row, stores, nowMs),
      values.encoding,
    );
    const { kept, older } = await cloud.stock().put(counts);
    terminal.out(
      `Saved ${kept} counts${older === 0 ? '' : `; ignored ${older} that are older than the stored ones`}.\n`,
    );
    if (errors.length === 0) return EXIT.ok;
    terminal.err(`${path}: ${errors.length} rows were not imported:\n  ${firstErrors(errors)}\n`);
    return EXIT.rejects;
  },
};

export const stockList: Command = {
  name: 'stock list',
  summary: "list a store's stock on hand",
  help: `Usage: aisle stock list --store sz01\n\n${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { store: { type: 'string' }, ...CLOUD_OPTIONS });
    const cloud = openCloud(values, terminal);
    const store = await requireStore(cloud, required(values.store, '--store'));
    const rows = (await cloud.stock().of(store.storeId)).map(({ productId, onHand, asOfMs }) => [
      productId,
      String(onHand),
      formatLocalTime({ instantMs: asOfMs, offsetMinutes: offsetMinutesAt(asOfMs, store.timeZone) }),
    ]);
    terminal.out(`${table(['product', 'on hand', 'as of'], rows)}\n`);
    return EXIT.ok;
  },
};
