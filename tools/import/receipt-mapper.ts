/** A mapping bound to a CSV's columns: decides which rows are skipped, which rows form a receipt, and builds the receipt. */
import { TEXT_LENGTH_MAX } from '#contracts/http/receipts.ts';
import { isPlaceId } from '#domain/chain/ids.ts';
import { UserError } from '../command.ts';
import type { Row } from './csv-stream.ts';
import type { Mapping, Source } from './mapping.ts';
import { type Cells, type Columns, conditionTest, type Read, sourceReader } from './source-readers.ts';
import { isTimeFormat, RowError, readAmount, readQuantity, TIME_FORMAT_HELP, timeReader } from './values.ts';

/** A receipt as it is posted. Amounts are texts with the till's exact digits. */
export interface ImportedReceipt {
  readonly store: string;
  readonly receiptNo: string;
  readonly body: object;
  /** Product names that were truncated or cleaned of unprintable characters. */
  readonly namesCorrected: number;
}

export interface ReceiptMapper {
  /** Number of cells that a row must have. */
  readonly width: number;
  /** Returns the reason for which a row is skipped; undefined where it is not. */
  skipReason(cells: Cells): string | undefined;
  /** Rows with the same key form one receipt; undefined where every row is a receipt. Throws a RowError. */
  readonly keyOf: Read | undefined;
  /** Returns store and number of a row's receipt, for messages; empty where they cannot be read. */
  idsOf(cells: Cells): Pick<ImportedReceipt, 'store' | 'receiptNo'>;
  /** Returns the receipt of rows in the order of the file. Throws a RowError. */
  receiptOf(rows: readonly Row[]): ImportedReceipt;
}

/** Control characters, lone surrogates and the replacement character survive no CSV round trip. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\uFFFD]+/gu;

type ReadTime = (cell: string) => string;

/**
 * Binds a mapping to columns.
 *
 * @throws UserError where the mapping names a column or a join that does not exist, or its time format is invalid
 */
export function createReceiptMapper(mapping: Mapping, columns: Columns): ReceiptMapper {
  const { numbers, times, receipt } = mapping;
  if (!isTimeFormat(times.format)) {
    throw new UserError(
      `times.format "${times.format}" is not a valid time format; it may contain ${TIME_FORMAT_HELP}`,
    );
  }
  const time = timeReader(times.format, times.timeOfDay);
  const read = (source: Source): Read => sourceReader(source, columns);
  const skips = mapping.skip.map(({ reason, when }) => ({
    reason,
    test: conditionTest(when, columns, numbers),
  }));
  const [store, till, receiptNo] = [read(receipt.store), read(receipt.till), read(receipt.receiptNo)];
  const closedAt = read(receipt.closedAt);
  const lineOf = lineReader(mapping, columns, time);
  const optionalFields = optionalFieldsReader(mapping, columns);
  const keys = mapping.receiptBy?.map(read);

  return {
    width: columns.header.length,
    keyOf: keys && ((cells) => [store(cells), ...keys.map((key) => key(cells))].join('\u0000')),
    idsOf: (cells) => ({ store: readOrEmpty(store, cells), receiptNo: readOrEmpty(receiptNo, cells) }),
    skipReason: (cells) => skips.find(({ test }) => test(cells))?.reason,
    receiptOf(rows) {
      const head = rows[0]?.cells ?? [];
      const storeId = store(head);
      if (!isPlaceId(storeId)) throw new RowError(`"${storeId}" is not a valid store id`);
      const closed = time(closedAt((mapping.closesWith === 'first' ? rows[0] : rows.at(-1))?.cells ?? []));
      const lines = rows.map((row) => withLineNumber(row, () => lineOf(row.cells, closed)));
      return {
        store: storeId,
        receiptNo: receiptNo(head),
        namesCorrected: lines.filter(({ isCorrected }) => isCorrected).length,
        body: {
          store: storeId,
          till: till(head),
          receiptNo: receiptNo(head),
          closedAt: closed,
          ...optionalFields(head),
          lines: lines.map(({ line }) => line),
        },
      };
    },
  };
}

const TEXT_FIELDS = ['businessDay', 'currency', 'cashier', 'phone', 'memberNo'] as const;

/** Returns a function that reads the optional fields of a receipt from its first row; empty cells are left out. */
function optionalFieldsReader({ numbers, receipt }: Mapping, columns: Columns): (head: Cells) => object {
  const read = (source: Source): Read => sourceReader(source, columns);
  const texts = TEXT_FIELDS.flatMap((name) => {
    const source = receipt[name];
    return source === undefined ? [] : [{ name, read: read(source) }];
  });
  const readDiscount = receipt.discount === undefined ? undefined : read(receipt.discount);
  const payments = receipt.payments?.map(({ method, amount }) => ({
    method: read(method),
    amount: read(amount),
  }));
  return (head) => {
    const fields = texts
      .map(({ name, read }) => [name, read(head)] as const)
      .filter(([, text]) => text !== '');
    const discount = readDiscount?.(head) ?? '';
    const paid = payments?.flatMap(({ method, amount }) => {
      const text = amount(head);
      return text === '' ? [] : [{ method: method(head), amount: readAmount(text, numbers) }];
    });
    return {
      ...Object.fromEntries(fields),
      ...(discount === '' ? {} : { discount: readAmount(discount, numbers) }),
      ...(paid === undefined || paid.length === 0 ? {} : { payments: paid }),
    };
  };
}

/** Returns a function that builds a receipt's line from a row. A row that matches `isReturn` gets a negative quantity. */
function lineReader(
  mapping: Mapping,
  columns: Columns,
  time: ReadTime,
): (cells: Cells, closedAt: string) => { line: object; isCorrected: boolean } {
  const { numbers, line } = mapping;
  const read = (source: Source): Read => sourceReader(source, columns);
  const readOptional = (source: Source | undefined): Read | undefined =>
    source === undefined ? undefined : read(source);
  const isReturn = mapping.isReturn && conditionTest(mapping.isReturn, columns, numbers);
  const product = read(line.product);
  const name = readOptional(line.name);
  const quantity = read(line.quantity);
  const unitPrice = read(line.unitPrice);
  const readDiscount = readOptional(line.discount);
  const scannedAt = readOptional(line.scannedAt);

  return (cells, closedAt) => {
    const pieces = readQuantity(quantity(cells), numbers);
    const price = readAmount(unitPrice(cells), numbers);
    const isReturned = isReturn?.(cells) === true;
    const label = name?.(cells) ?? '';
    const corrected = label.replace(UNPRINTABLE, ' ').slice(0, TEXT_LENGTH_MAX).trim();
    const discount = readDiscount?.(cells) ?? '';
    const scan = scannedAt === undefined ? closedAt : time(scannedAt(cells));
    return {
      isCorrected: corrected !== label,
      line: {
        product: product(cells),
        ...(corrected === '' ? {} : { name: corrected }),
        quantity: isReturned ? -Math.abs(pieces) : pieces,
        unitPrice: isReturned ? price.replace(/^-/, '') : price,
        ...(discount === '' ? {} : { discount: readAmount(discount, numbers) }),
        ...(scan === closedAt ? {} : { scannedAt: scan }),
      },
    };
  };
}

function readOrEmpty(read: Read, cells: Cells): string {
  try {
    return read(cells);
  } catch (error) {
    if (error instanceof RowError) return '';
    throw error;
  }
}

/** Returns the result of `read`, and adds the row's line to the message of a RowError. */
function withLineNumber<T>(row: Row, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowError) throw new RowError(`line ${row.line}: ${error.message}`);
    throw error;
  }
}
