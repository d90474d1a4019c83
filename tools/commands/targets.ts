/**
 * `aisle targets …`: sales targets of stores. Targets are stored per business day; a monthly target is spread evenly over its
 * days, exact to a ten-thousandth. City, region and chain figures include targets, so a change triggers their roll-up.
 */
import { resolve } from 'node:path';
import type { CellsChanged } from '#contracts/events/change-notices.ts';
import { addDays, type BusinessDay, countDays, parseBusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { type Amount, allocate, formatAmount, parseAmount } from '#domain/chain/money.ts';
import type { Target } from '#domain/chain/store.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, type Cloud, openCloud, unknownStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { readTable } from '../input/csv-table.ts';

/** A year of days is some 15 kB as a message, far below the queue's limit of 256 kB. */
const DAYS_PER_MESSAGE_MAX = 400;

const MONTH = /^\d{4}-\d{2}$/;

/** Returns the days of a month `2026-11`, or the one day `2026-11-22`. Throws a UserError for any other text. */
function daysOf(text: string): BusinessDay[] {
  const isMonth = MONTH.test(text);
  const first = parseBusinessDay(isMonth ? `${text}-01` : text);
  if (first === undefined) throw new UserError(`"${text}" is neither a day YYYY-MM-DD nor a month YYYY-MM`);
  if (!isMonth) return [first];
  const next = addDays(first, 31).slice(0, 7);
  const count = countDays(first, `${next}-01` as BusinessDay) - 1;
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

function targetsOf(store: string, dayOrMonth: string, amountText: string): Target[] {
  const amount = parseAmount(amountText);
  if (amount === undefined || amount < 0n) {
    throw new UserError(`"${amountText}" is not a non-negative amount such as 900000 or 900000.50`);
  }
  const days = daysOf(dayOrMonth);
  const shares: Amount[] = allocate(
    amount,
    days.map(() => 1n),
  );
  return days.map((day, index) => ({ storeId: store as StoreId, day, netSales: shares[index] ?? 0n }));
}

/** Stores targets and requests the roll-up of the figures above their stores. Throws a UserError for an unknown store. */
async function saveTargets(cloud: Cloud, targets: readonly Target[]): Promise<void> {
  const existing = new Set((await cloud.chain().stores()).map((store) => store.storeId));
  const unknown = [...new Set(targets.map(({ storeId }) => storeId))].filter((id) => !existing.has(id));
  if (unknown.length > 0) throw unknownStore(unknown.join(', '));
  await cloud.chain().putTargets(targets);
  await cloud.changes().send(changesOf(targets));
}

function changesOf(targets: readonly Target[]): CellsChanged[] {
  return [...Map.groupBy(targets, (target) => target.storeId)].flatMap(([storeId, own]) => {
    const days = [...new Set(own.map((target) => target.day))];
    return Array.from({ length: Math.ceil(days.length / DAYS_PER_MESSAGE_MAX) }, (_, index) => ({
      storeId,
      buckets: days
        .slice(index * DAYS_PER_MESSAGE_MAX, (index + 1) * DAYS_PER_MESSAGE_MAX)
        .map((day) => ({ day, grain: 'day' as const })),
    }));
  });
}

export const targetsPut: Command = {
  name: 'targets put',
  summary: "set a store's sales target for a day or a month",
  help: `Usage: aisle targets put --store sz01 --month 2026-11 --amount 900000
       aisle targets put --store sz01 --day 2026-11-22 --amount 45000

Net sales, in the chain's currency. A monthly target is spread evenly over its days. Setting a target
again replaces it.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      month: { type: 'string' },
      day: { type: 'string' },
      amount: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    if ((values.month === undefined) === (values.day === undefined))
      throw usageError('pass --month or --day');
    const targets = targetsOf(
      required(values.store, '--store'),
      values.month ?? values.day ?? '',
      required(values.amount, '--amount'),
    );
    await saveTargets(openCloud(values, terminal), targets);
    terminal.out(`Saved the targets of ${targets.length} days of ${values.store}.\n`);
    return EXIT.ok;
  },
};

export const targetsImport: Command = {
  name: 'targets import',
  summary: 'set targets from a CSV',
  help: `Usage: aisle targets import targets.csv [--encoding gbk]

A CSV with the columns store, when, amount: when is a day (2026-11-22) or a month (2026-11), which is
spread evenly over its days. Nothing is written unless every row is valid; a later row replaces an
earlier one.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, { encoding: { type: 'string' }, ...CLOUD_OPTIONS }, 1);
    const path = resolve(terminal.cwd, required(positionals[0], 'the CSV file'));
    const columns = { required: ['store', 'when', 'amount'], optional: [] };
    const targets = readTable(
      path,
      columns,
      (row) => targetsOf(row['store'] ?? '', row['when'] ?? '', row['amount'] ?? ''),
      values.encoding,
    ).flat();
    await saveTargets(openCloud(values, terminal), targets);
    terminal.out(`Saved the targets of ${targets.length} store days.\n`);
    return EXIT.ok;
  },
};

export const targetsList: Command = {
  name: 'targets list',
  summary: "list a store's targets for a day or a month",
  help: `Usage: aisle targets list --store sz01 --month 2026-11\n\n${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      month: { type: 'string' },
      day: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    if ((values.month === undefined) === (values.day === undefined))
      throw usageError('pass --month or --day');
    const days = daysOf(values.month ?? values.day ?? '');
    const [first, last] = [days[0], days.at(-1)] as [BusinessDay, BusinessDay];
    const store = required(values.store, '--store') as StoreId;
    const targets = await openCloud(values, terminal).chain().targets(store, first, last);
    const rows = targets.map((target) => [target.day, formatAmount(target.netSales)]);
    const sum = targets.reduce((total, target) => total + target.netSales, 0n);
    terminal.out(`${table(['day', 'net sales'], [...rows, ['sum', formatAmount(sum)]])}\n`);
    return EXIT.ok;
  },
};
