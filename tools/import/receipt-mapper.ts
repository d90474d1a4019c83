/** A mapping bound to a CSV's columns: decides which rows are skipped, which rows form a receipt, and builds the receipt. */
import { TEXT_LENGTH_MAX } from '#contracts/http/receipts.ts';
import { addDays, type BusinessDay, parseBusinessDay } from '#domain/chain/business-day.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import { isPlaceId } from '#domain/chain/ids.ts';
import { UserError } from '../command.ts';
import type { Row } from './csv-stream.ts';
import type { Mapping, Source } from './mapping.ts';
import { type Cells, type Columns, conditionTest, type Read, sourceReader } from './source-readers.ts';
import {
  isTimeFormat,
  RowError,
  readAmount,
  readId,
  readPhone,
  readQuantity,
  TIME_FORMAT_HELP,
  timeReader,
} from './values.ts';

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
  /** Returns the number of a row's receipt, as `receiptBy` reads it; undefined where it is blank or cannot be read. */
  numberOf(cells: Cells): string | undefined;
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
  const wrong = [times.format].flat().find((format) => !isTimeFormat(format));
  if (wrong !== undefined) {
    throw new UserError(
      `times.format "${wrong}" is not a valid time format; it may contain ${TIME_FORMAT_HELP}`,
    );
  }
  const time = timeReader(times.format, times.timeOfDay);
  const skips = mapping.skip.map(({ reason, when }) => ({
    reason,
    test: conditionTest(when, columns, numbers),
  }));
  const read = idReader(columns);
  const [store, till, receiptNo] = [read(receipt.store), read(receipt.till), read(receipt.receiptNo)];
  const cashier = receipt.cashier === undefined ? undefined : read(receipt.cashier);
  const closedAt = sourceReader(receipt.closedAt, columns);
  const timeIn: Read = (cells) => time(closedAt(cells));
  const lineOf = lineReader(mapping, columns, time);
  const optionalFields = optionalFieldsReader(mapping, columns);
  const keys = mapping.receiptBy?.map(read);
  const dayIn = groupingDay(mapping, columns, timeIn);

  return {
    width: columns.header.length,
    // Tills count on their own, and begin again; so a number alone names no receipt.
    keyOf:
      keys &&
      ((cells) => {
        const numbered = keys.map((key) => key(cells));
        if (numbered.every((part) => part === '')) {
          throw new RowError(
            'has no receipt number; if cells are merged, set "fillDown": true or pass --fill-down',
          );
        }
        return [store(cells), till(cells), dayIn(cells), ...numbered].join(SEPARATOR);
      }),
    numberOf: (cells) => {
      const parts = (keys ?? []).map((key) => readOrEmpty(key, cells));
      return parts.every((part) => part === '') ? undefined : parts.join(SEPARATOR);
    },
    idsOf: (cells) => ({ store: readOrEmpty(store, cells), receiptNo: readOrEmpty(receiptNo, cells) }),
    skipReason: (cells) => skips.find(({ test }) => test(cells))?.reason,
    receiptOf(rows) {
      const head = rows[0]?.cells ?? [];
      const storeId = store(head);
      if (!isPlaceId(storeId)) throw new RowError(`"${storeId}" is not a valid store id`);
      requireOneReceipt(rows, timeIn, cashier);
      const closed = timeIn((mapping.closesWith === 'first' ? rows[0] : rows.at(-1))?.cells ?? []);
      const lines = rows.map((row) => withLineNumber(row, () => lineOf(row.cells, closed)));
      const isReturn = lines.every(({ isReturned }) => isReturned);
      return {
        store: storeId,
        receiptNo: receiptNo(head),
        namesCorrected: lines.filter(({ isCorrected }) => isCorrected).length,
        body: {
          store: storeId,
          till: till(head),
          receiptNo: receiptNo(head),
          closedAt: closed,
          ...optionalFields(head, isReturn),
          lines: lines.map(({ line }) => line),
        },
      };
    },
  };
}

const SEPARATOR = '\u0000';

/** Returns a reader of ids of a receipt; a number that a spreadsheet has shortened is an error. */
const idReader =
  (columns: Columns) =>
  (source: Source): Read => {
    const read = sourceReader(source, columns);
    return (cells) => readId(read(cells));
  };

const WALL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})/;

/** Returns a reader of the day by which rows are grouped: the business day where the file has it, else that of the time. */
function groupingDay({ receipt, times }: Mapping, columns: Columns, timeIn: Read): Read {
  if (receipt.businessDay !== undefined) return sourceReader(receipt.businessDay, columns);
  return (cells) => {
    const text = timeIn(cells);
    const [, day = '', hour = '', minute = ''] = WALL.exec(text) ?? [];
    if (parseBusinessDay(day) === undefined) throw new RowError(`"${text}" is not a time`);
    return `${hour}:${minute}` < times.dayCut ? addDays(day as BusinessDay, -1) : day;
  };
}

/** Rows of one receipt are closed within minutes; hours apart they are two receipts under one number. */
const SPAN_MS_MAX = 3 * HOUR_MS;

/** Throws a RowError where the rows of a group cannot be one receipt. */
function requireOneReceipt(rows: readonly Row[], timeIn: Read, cashier: Read | undefined): void {
  if (rows.length < 2) return;
  const cashiers = new Set(rows.map(({ cells }) => cashier?.(cells) ?? '').filter((one) => one !== ''));
  if (cashiers.size > 1) {
    throw new RowError(`two cashiers, ${[...cashiers].join(' and ')}, have the same receipt number`);
  }
  const times = rows.map(({ cells }) => Date.parse(asUtc(timeIn(cells)))).filter((ms) => !Number.isNaN(ms));
  const spanMs = times.reduce((a, b) => Math.max(a, b), 0) - times.reduce((a, b) => Math.min(a, b), Infinity);
  if (spanMs > SPAN_MS_MAX) {
    throw new RowError(
      `the rows of the receipt lie ${(spanMs / HOUR_MS).toFixed(1)} hours apart; the number may have been used twice`,
    );
  }
}

/** Only differences count here, so a time without an offset may be read as UTC. */
const asUtc = (text: string): string => (/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);

const asIs = (cell: string): string => cell;
const TEXT_FIELDS = [
  { name: 'businessDay', as: asIs },
  { name: 'currency', as: asIs },
  { name: 'cashier', as: readId },
  { name: 'phone', as: phoneOrAsIs },
  { name: 'memberNo', as: readId },
  { name: 'voids', as: readId },
] as const;

/** A phone that cannot be read costs the phone and not the sale: the API leaves it out and says so. */
function phoneOrAsIs(cell: string): string {
  try {
    return readPhone(cell);
  } catch (error) {
    if (error instanceof RowError) return cell;
    throw error;
  }
}

/**
 * Returns a function that reads the optional fields of a receipt from its first row; empty cells are left out. Tills write a
 * refund in four ways (amounts and discounts with either sign); of a return the discount is from 0, and payments are given back.
 */
function optionalFieldsReader(
  { numbers, receipt }: Mapping,
  columns: Columns,
): (head: Cells, isReturn: boolean) => object {
  const read = (source: Source): Read => sourceReader(source, columns);
  const texts = TEXT_FIELDS.flatMap(({ name, as }) => {
    const source = receipt[name];
    if (source === undefined) return [];
    const cell = read(source);
    return [{ name, read: (cells: Cells) => as(cell(cells)) }];
  });
  const readDiscount = receipt.discount === undefined ? undefined : read(receipt.discount);
  const payments = receipt.payments?.map(({ method, amount }) => ({
    method: read(method),
    amount: read(amount),
  }));
  return (head, isReturn) => {
    const fields = texts
      .map(({ name, read }) => [name, read(head)] as const)
      .filter(([, text]) => text !== '');
    const discount = readDiscount?.(head) ?? '';
    const paid = payments?.flatMap(({ method, amount }) => {
      const text = amount(head);
      if (text === '') return [];
      const sum = readAmount(text, numbers);
      return [{ method: method(head), amount: isReturn ? givenBack(sum) : sum }];
    });
    const taken = discount === '' ? '' : readAmount(discount, numbers);
    return {
      ...Object.fromEntries(fields),
      ...(taken === '' ? {} : { discount: isReturn ? sizeOf(taken) : taken }),
      ...(paid === undefined || paid.length === 0 ? {} : { payments: paid }),
    };
  };
}

const sizeOf = (amount: string): string => amount.replace(/^-/, '');
const givenBack = (amount: string): string => (/^-?0*(?:\.0*)?$/.test(amount) ? '0' : `-${sizeOf(amount)}`);

/**
 * Returns a function that builds a receipt's line from a row. A row that matches `isReturn` gets a negative quantity, and
 * price and discount from 0.
 */
function lineReader(
  mapping: Mapping,
  columns: Columns,
  time: ReadTime,
): (cells: Cells, closedAt: string) => { line: object; isCorrected: boolean; isReturned: boolean } {
  const { numbers, line } = mapping;
  const read = (source: Source): Read => sourceReader(source, columns);
  const readOptional = (source: Source | undefined): Read | undefined =>
    source === undefined ? undefined : read(source);
  const isReturn = mapping.isReturn && conditionTest(mapping.isReturn, columns, numbers);
  const product = idReader(columns)(line.product);
  const name = readOptional(line.name);
  const quantity = read(line.quantity);
  const unitPrice = readOptional(line.unitPrice);
  const amount = readOptional(line.amount);
  const kind = readOptional(line.kind);
  const unit = readOptional(line.unit);
  const readDiscount = readOptional(line.discount);
  const scannedAt = readOptional(line.scannedAt);

  const amountIn = (source: Read | undefined, cells: Cells): string | undefined => {
    const text = source?.(cells) ?? '';
    // Without the other one the price is needed, and an empty cell is no number.
    return source === undefined || (text === '' && line.amount !== undefined && line.unitPrice !== undefined)
      ? undefined
      : readAmount(text, numbers);
  };

  return (cells, closedAt) => {
    const pieces = readQuantity(quantity(cells), numbers);
    const price = amountIn(unitPrice, cells);
    const whole = amountIn(amount, cells);
    const [kindText, unitText] = [kind?.(cells) ?? '', unit?.(cells) ?? ''];
    const isReturned = isReturn?.(cells) === true;
    const label = name?.(cells) ?? '';
    const corrected = label.replace(UNPRINTABLE, ' ').slice(0, TEXT_LENGTH_MAX).trim();
    const discount = readDiscount?.(cells) ?? '';
    const taken = discount === '' ? '' : readAmount(discount, numbers);
    const scan = scannedAt === undefined ? closedAt : time(scannedAt(cells));
    return {
      isCorrected: corrected !== label,
      isReturned,
      line: {
        product: product(cells),
        ...(corrected === '' ? {} : { name: corrected }),
        ...(kindText === '' ? {} : { kind: kindText }),
        quantity: isReturned ? -Math.abs(pieces) : pieces,
        ...(unitText === '' ? {} : { unit: unitText }),
        ...(price === undefined ? {} : { unitPrice: isReturned ? sizeOf(price) : price }),
        // A total of returned goods is below 0 in most files, and a value from 0 here.
        ...(whole === undefined ? {} : { amount: pieces < 0 || isReturned ? sizeOf(whole) : whole }),
        ...(taken === '' ? {} : { discount: isReturned ? sizeOf(taken) : taken }),
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
