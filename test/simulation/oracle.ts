/**
 * What the cells have to be, worked out the slow and plain way from what the log holds: for each fact's name the first
 * body, counted once. Nothing of the product's folding is used here. That a sensor reported is a counter of 1 in the
 * store's day.
 */
import type { LogRecord } from '#application/ports/event-log.ts';
import {
  type CountAt,
  countPassage,
  countVisits,
  hourOf,
  passageOracle,
  seenHours,
  type WirePassage,
  type WireRevision,
} from './visit-oracle.ts';

type Counts = Record<string, bigint>;

/** Cell name → counters; names as the comparison below builds them. */
export type Expected = Map<string, Counts>;

interface WireReceipt {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly store: string;
    readonly till: string;
    readonly businessDay: string;
    readonly closedAt: string;
    readonly cashier?: string;
    readonly discount?: string;
    readonly lines: ReadonlyArray<{
      readonly product: string;
      quantity: number;
      readonly unitPrice: string;
      readonly discount?: string;
      readonly scannedAt?: string;
    }>;
  };
}

interface WireEvent {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly store: string; readonly businessDay: string; readonly sensor?: string };
}

const tenThousandths = (text: string | undefined): bigint => {
  const [whole = '0', fraction = ''] = (text ?? '0').split('.');
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0') || '0');
};

/**
 * The lines without what a receipt both sells and takes back at one price: a correction of the cashier. A line with a
 * discount is taken back only as a whole.
 */
function withoutCorrections(
  lines: WireReceipt['data']['lines'],
): Array<WireReceipt['data']['lines'][number]> {
  const left = lines.map((line) => ({ ...line }));
  for (const taken of left.filter(({ quantity }) => quantity < 0)) {
    for (const sold of left.filter(({ quantity }) => quantity > 0)) {
      const sameDiscount = tenThousandths(taken.discount) === tenThousandths(sold.discount);
      const samePrice = tenThousandths(taken.unitPrice) === tenThousandths(sold.unitPrice);
      if (taken.product !== sold.product || !samePrice || !sameDiscount) continue;
      if (tenThousandths(taken.discount) !== 0n && taken.quantity !== -sold.quantity) continue;
      const pieces = Math.min(-taken.quantity, sold.quantity);
      taken.quantity += pieces;
      sold.quantity -= pieces;
    }
  }
  return left.filter(({ quantity }) => quantity !== 0);
}

/** The net sales of a receipt. */
const netOf = ({ lines, discount }: WireReceipt['data']): bigint =>
  lines.reduce((sum, line) => {
    const value =
      BigInt(Math.abs(line.quantity)) * tenThousandths(line.unitPrice) - tenThousandths(line.discount);
    return line.quantity > 0 ? sum + value : sum - value;
  }, -tenThousandths(discount));

export function expectedCells(
  records: readonly LogRecord[],
  places: Map<string, readonly string[]>,
): Expected {
  const cells: Expected = new Map();
  const names = new Set<string>();
  /** The bodies under a receipt's name: all but the first are counted beside the figures. */
  const bodiesOf = new Map<string, Set<string>>();
  const cellAt = (name: string): Counts => {
    const cell = cells.get(name) ?? {};
    cells.set(name, cell);
    return cell;
  };
  const add = (name: string, counter: string, amount: bigint): void => {
    if (amount === 0n) return;
    const cell = cellAt(name);
    cell[counter] = (cell[counter] ?? 0n) + amount;
  };
  const scopesOf = (store: string): string[] => [`store:${store}`, ...(places.get(store) ?? [])];
  const countAt: CountAt = (store, day, time, counter, amount) => {
    const ms = Date.parse(time);
    const zone = /([+-])(\d\d):(\d\d)$/.exec(time) ?? [];
    const offset = (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000;
    const minute = ms - (ms % 60_000);
    const hour = ms - ((ms + offset) % 3_600_000);
    for (const scope of scopesOf(store)) {
      add(`${scope}#all#minute#${day}#${minute}#`, counter, amount);
      add(`${scope}#all#hour#${day}#${hour}#`, counter, amount);
      add(`${scope}#all#day#${day}##`, counter, amount);
    }
  };
  const revisions: WireRevision[] = [];
  const passages = passageOracle();
  const soldHours = new Map<string, Set<number>>();
  for (const { bytes } of [...records].sort((a, b) => (a.sequence < b.sequence ? -1 : 1))) {
    let event: WireEvent | null;
    try {
      event = JSON.parse(new TextDecoder().decode(bytes)) as WireEvent | null;
    } catch {
      continue;
    }
    if (event?.data?.store === undefined) continue;
    const { store, businessDay, sensor } = event.data;
    if (sensor !== undefined) cellAt(`store:${store}#all#day#${businessDay}##`)[`sensor ${sensor}`] = 1n;
    if (event.type === 'aisle.passage.recorded') {
      const passage = event.data as WirePassage;
      const kind = passages.kindOf(passage);
      if (kind === 'counted') countPassage(passage, countAt);
      for (const scope of kind === 'conflict' ? scopesOf(store) : [])
        add(`${scope}#all#day#${businessDay}##`, 'conflictingCounts', 1n);
      continue;
    }
    const name = `${event.type.replace('opened', 'closed')} ${event.id}`;
    if (event.type === 'aisle.sighting.recorded') continue;
    if (event.type === 'aisle.receipt.closed') {
      const bodies = bodiesOf.get(name) ?? new Set();
      bodiesOf.set(name, bodies);
      const body = JSON.stringify(event.data);
      if (bodies.has(body)) continue;
      bodies.add(body);
      if (bodies.size > 1) {
        for (const scope of scopesOf(store)) {
          add(`${scope}#all#day#${businessDay}##`, 'excludedReceipts', 1n);
          add(
            `${scope}#all#day#${businessDay}##`,
            'excludedSales',
            netOf((event as unknown as WireReceipt).data),
          );
        }
        continue;
      }
    } else if (names.has(name)) continue;
    names.add(name);
    if (event.type.startsWith('aisle.visit.')) revisions.push(event.data as unknown as WireRevision);
    if (event.type !== 'aisle.receipt.closed') continue;
    const { data } = event as unknown as WireReceipt;
    const scopes = scopesOf(data.store);
    const count = (time: string, counter: string, amount: bigint): void => {
      countAt(data.store, data.businessDay, time, counter, amount);
      add(`store:${data.store}#till#day#${data.businessDay}##${data.till}`, counter, amount);
      if (data.cashier)
        add(`store:${data.store}#staff#day#${data.businessDay}##${data.cashier}`, counter, amount);
    };
    let sold = false;
    let returned = false;
    // The receipt's discount is spread by value; the worlds below only give one to receipts of a single line.
    for (const line of withoutCorrections(data.lines)) {
      const pieces = BigInt(Math.abs(line.quantity));
      const value = pieces * tenThousandths(line.unitPrice);
      const off = tenThousandths(line.discount) + (line.quantity > 0 ? tenThousandths(data.discount) : 0n);
      const time = line.scannedAt ?? data.closedAt;
      const product = `#product#day#${data.businessDay}##${line.product}`;
      const both = (counter: string, amount: bigint): void => {
        count(time, counter, amount);
        for (const scope of scopes) add(`${scope}${product}`, counter, amount);
      };
      if (line.quantity > 0 && value === 0n) both('givenUnits', pieces);
      else if (line.quantity > 0) {
        sold = true;
        both('units', pieces);
        both('lines', 1n);
        both('gross', value);
        both('discount', off);
      } else {
        returned = true;
        both('returnUnits', pieces);
        both('returnLines', 1n);
        both('returnValue', value - off);
      }
    }
    if (sold) {
      count(data.closedAt, 'transactions', 1n);
      const day = `${data.store} ${data.businessDay}`;
      soldHours.set(day, (soldHours.get(day) ?? new Set()).add(hourOf(data.closedAt)));
    }
    if (returned) count(data.closedAt, 'returnReceipts', 1n);
  }
  countVisits(revisions, countAt, (store, day, zone, counter, amount) =>
    add(`store:${store}#zone#day#${day}##${zone}`, counter, amount),
  );
  for (const [name, { bodies = 0n, ...counts }] of [...cells]) {
    const [, store, day] = /^store:([^#]*)#all#day#([^#]*)##$/.exec(name) ?? [];
    if (store === undefined || bodies === 0n) continue;
    const { transactions = 0n, visitors = 0n } = counts;
    const seen = seenHours(revisions, store, day ?? '');
    const sold = [...(soldHours.get(`${store} ${day}`) ?? [])];
    const isCovered = sold.every((hour) => seen.has(hour) || seen.has(hour - 3_600_000));
    if (transactions > visitors || (sold.length > 0 && seen.size > 0 && !isCovered)) continue;
    for (const scope of places.get(store) ?? []) {
      const netSales = (counts['gross'] ?? 0n) - (counts['discount'] ?? 0n) - (counts['returnValue'] ?? 0n);
      add(`${scope}#all#day#${day}##`, 'seenTransactions', counts['transactions'] ?? 0n);
      add(`${scope}#all#day#${day}##`, 'seenSales', netSales);
      add(`${scope}#all#day#${day}##`, 'seenVisitors', visitors);
    }
  }
  return cells;
}

/** Every difference, in words; empty where all is exact. */
export function differences(expected: Expected, actual: Expected): string[] {
  const found: string[] = [];
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const [want, have] = [expected.get(name) ?? {}, actual.get(name) ?? {}];
    for (const counter of new Set([...Object.keys(want), ...Object.keys(have)])) {
      const [a, b] = [want[counter] ?? 0n, have[counter] ?? 0n];
      if (a !== b) found.push(`${name} ${counter}: ${b} instead of ${a}`);
    }
  }
  return found;
}
