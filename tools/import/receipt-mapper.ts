/**
 * A mapping bound to a CSV's columns: which rows are skipped, which belong together, and the receipt they make.
 */
import { TEXT_LENGTH_MAX } from '#contracts/receipts.ts';
import { isPlaceId } from '#domain/chain/ids.ts';
import { UserError } from '../command.ts';
import type { Row } from './csv-stream.ts';
import type { Mapping, Source } from './mapping.ts';
import { type Cells, type Columns, conditionTest, type Read, sourceReader } from './source-readers.ts';
import { isTimeFormat, RowFault, readAmount, readQuantity, TIME_FORMAT_HELP, timeReader } from './values.ts';

/** A receipt as it is posted; amounts as texts, exactly as the till wrote them. */
export interface ImportedReceipt {
  readonly store: string;
  readonly receiptNo: string;
  readonly body: object;
  /** Product names that were longer than a till prints, or held what no text may. */
  readonly namesMended: number;
}

export interface Recipe {
  /** How many cells a row has to have. */
  readonly width: number;
  /** Why a row is passed over; undefined where it is not. */
  skipReason(cells: Cells): string | undefined;
  /** Rows with the same key are one receipt; undefined where every row is one. Throws a RowFault. */
  readonly keyOf: Read | undefined;
  /** What a row's receipt is called, for people; empty where it cannot be read. */
  nameOf(cells: Cells): Pick<ImportedReceipt, 'store' | 'receiptNo'>;
  /** The receipt that rows make, in the order of the file. Throws a RowFault. */
  receiptOf(rows: readonly Row[]): ImportedReceipt;
}

/** Control characters, lone surrogates and the replacement character survive no CSV round trip. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\uFFFD]+/gu;

export function bindMapping(mapping: Mapping, columns: Columns): Recipe {
  const { numbers, times, receipt, line } = mapping;
  if (!isTimeFormat(times.format)) {
    throw new UserError(
      `times.format "${times.format}" is not a time format; it may hold ${TIME_FORMAT_HELP}`,
    );
  }
  const time = timeReader(times.format, times.timeOfDay);
  const read = (source: Source): Read => sourceReader(source, columns);
  const maybe = (source: Source | undefined): Read | undefined =>
    source === undefined ? undefined : read(source);
  const skips = mapping.skip.map(({ reason, when }) => ({
    reason,
    test: conditionTest(when, columns, numbers),
  }));
  const isReturn = mapping.isReturn && conditionTest(mapping.isReturn, columns, numbers);

  const store = read(receipt.store);
  const till = read(receipt.till);
  const receiptNo = read(receipt.receiptNo);
  const closedAt = read(receipt.closedAt);
  const texts = (['businessDay', 'currency', 'cashier', 'phone', 'memberNo'] as const).flatMap((name) => {
    const source = maybe(receipt[name]);
    return source === undefined ? [] : [{ name, source }];
  });
  const receiptDiscount = maybe(receipt.discount);
  const payments = receipt.payments?.map(({ method, amount }) => ({
    method: read(method),
    amount: read(amount),
  }));
  const product = read(line.product);
  const name = maybe(line.name);
  const quantity = read(line.quantity);
  const unitPrice = read(line.unitPrice);
  const lineDiscount = maybe(line.discount);
  const scannedAt = maybe(line.scannedAt);

  const keys = mapping.receiptBy?.map(read);
  const keyOf: Read | undefined =
    keys && ((cells) => [store(cells), ...keys.map((key) => key(cells))].join('\u0000'));

  function lineOf(cells: Cells, closed: string): { line: object; isMended: boolean } {
    const written = readQuantity(quantity(cells), numbers);
    const price = readAmount(unitPrice(cells), numbers);
    const isBack = isReturn?.(cells) === true;
    const label = name?.(cells) ?? '';
    const mended = label.replace(UNPRINTABLE, ' ').slice(0, TEXT_LENGTH_MAX).trim();
    const discount = lineDiscount?.(cells) ?? '';
    const scan = scannedAt === undefined ? closed : time(scannedAt(cells));
    return {
      isMended: mended !== label,
      line: {
        product: product(cells),
        ...(mended === '' ? {} : { name: mended }),
        quantity: isBack ? -Math.abs(written) : written,
        unitPrice: isBack ? price.replace(/^-/, '') : price,
        ...(discount === '' ? {} : { discount: readAmount(discount, numbers) }),
        ...(scan === closed ? {} : { scannedAt: scan }),
      },
    };
  }

  return {
    width: columns.header.length,
    keyOf,
    nameOf: (cells) => ({ store: legible(store, cells), receiptNo: legible(receiptNo, cells) }),
    skipReason: (cells) => skips.find(({ test }) => test(cells))?.reason,
    receiptOf(rows) {
      const head = rows[0]?.cells ?? [];
      const storeId = store(head);
      if (!isPlaceId(storeId)) throw new RowFault(`"${storeId}" cannot be the id of a store`);
      const closed = time(closedAt((mapping.closesWith === 'first' ? rows[0] : rows.at(-1))?.cells ?? []));
      const lines = rows.map((row) => onLine(row, () => lineOf(row.cells, closed)));
      const fields = texts
        .map(({ name, source }) => [name, source(head)] as const)
        .filter(([, text]) => text !== '');
      const discount = receiptDiscount?.(head) ?? '';
      const paid = payments?.flatMap(({ method, amount }) => {
        const text = amount(head);
        return text === '' ? [] : [{ method: method(head), amount: readAmount(text, numbers) }];
      });
      return {
        store: storeId,
        receiptNo: receiptNo(head),
        namesMended: lines.filter(({ isMended }) => isMended).length,
        body: {
          store: storeId,
          till: till(head),
          receiptNo: receiptNo(head),
          closedAt: closed,
          ...Object.fromEntries(fields),
          ...(discount === '' ? {} : { discount: readAmount(discount, numbers) }),
          lines: lines.map((one) => one.line),
          ...(paid === undefined || paid.length === 0 ? {} : { payments: paid }),
        },
      };
    },
  };
}

function legible(read: Read, cells: Cells): string {
  try {
    return read(cells);
  } catch (error) {
    if (error instanceof RowFault) return '';
    throw error;
  }
}

/** Says which line of the file a fault is on. */
function onLine<T>(row: Row, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowFault) throw new RowFault(`line ${row.line}: ${error.message}`);
    throw error;
  }
}
