/** `aisle conflicts …`: receipts whose number is used twice, side by side, and the decision which of them count. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Conflict, listConflicts, settleConflict } from '#application/figures/conflicts.ts';
import { formatConflictId, parseConflictId } from '#contracts/conflict-id.ts';
import { receiptData } from '#contracts/events/receipt-closed.ts';
import { formatLocalTime } from '#domain/chain/business-day.ts';
import { formatAmount } from '#domain/chain/money.ts';
import { CHOICES, type Choice } from '#domain/place/figures/conflict.ts';
import { type Receipt, totalOf } from '#domain/place/figures/receipt.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';

const AUTHOR = 'aisle conflicts settle';

export const conflictsList: Command = {
  name: 'conflicts list',
  summary: 'list receipts whose number is used twice, with both amounts',
  help: `Usage: aisle conflicts list [--store sz01] [--all] [--bodies]

  --store    only this store
  --all      settled conflicts too
  --bodies   print both receipts as well, without phone and member number

Two receipts with one number of one till and business day: the first counts, the second is excluded from
all figures until the conflict is settled. Causes: a till that begins its numbers again, a receipt that was
imported with a part of its rows missing, a corrected file.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      store: { type: 'string' },
      all: { type: 'boolean', default: false },
      bodies: { type: 'boolean', default: false },
      ...CLOUD_OPTIONS,
    });
    const cloud = openCloud(values, terminal);
    const conflicts = await listConflicts(
      { letters: cloud.letters(), facts: cloud.facts() },
      (storeId) => values.store === undefined || values.store === storeId,
    );
    const shown = conflicts.filter(({ standing }) => values.all || standing === 'excluded');
    const heads = ['store', 'day', 'till', 'number', 'first', 'second', 'arrived', 'state', 'id'];
    terminal.out(`${table(heads, shown.map(rowOf))}\n`);
    if (values.bodies) terminal.out(shown.map(bodiesText).join(''));
    return EXIT.ok;
  },
};

const rowOf = ({ id, first, second, standing, arrivedAtMs }: Conflict): string[] => [
  id.storeId,
  id.day,
  id.tillId,
  id.receiptNo,
  formatAmount(totalOf(first)),
  formatAmount(totalOf(second)),
  new Date(arrivedAtMs).toISOString(),
  standing === 'excluded' ? 'open' : standing === 'counted' ? 'second counts' : 'first counts',
  formatConflictId(id),
];

function bodiesText({ id, first, second }: Conflict): string {
  const text = (receipt: Receipt): string => {
    const { phone: _, memberNo: __, ...data } = receiptData(receipt);
    return JSON.stringify(data);
  };
  return `\n${formatConflictId(id)}\n  first   ${formatLocalTime(first.closedAt)}  ${text(first)}\n  second  ${formatLocalTime(second.closedAt)}  ${text(second)}\n`;
}

export const conflictsSettle: Command = {
  name: 'conflicts settle',
  summary: 'decide which of two receipts with one number count',
  help: `Usage: aisle conflicts settle --id ID --choose first|second|both

  --id       from: aisle conflicts list
  --choose   first: the first receipt counts, the second does not
             second: the second one replaces the first
             both: they are two receipts; the second counts under its number with a suffix

The store's business day is counted again within seconds. A decision can be made again; the last one holds.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      id: { type: 'string' },
      choose: { type: 'string' },
      ...CLOUD_OPTIONS,
    });
    const id = parseConflictId(required(values.id, '--id'));
    if (id === undefined)
      throw new UserError(`"${values.id}" is not the id of a conflict; see: aisle conflicts list`);
    const choice = required(values.choose, '--choose') as Choice;
    if (!CHOICES.includes(choice)) throw usageError(`--choose must be one of ${CHOICES.join(', ')}`);
    const cloud = openCloud(values, terminal);
    const ports = {
      facts: cloud.facts(),
      log: cloud.log(),
      nowMs: terminal.nowMs,
      pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
    };
    const outcome = await settleConflict(ports, id, choice, AUTHOR);
    if (outcome.kind === 'unknown')
      throw new UserError('there is no such conflict; see: aisle conflicts list');
    if (outcome.kind === 'not accepted') throw new UserError('the event log did not store it; run it again');
    terminal.out(
      `Settled: ${choice} of till ${id.tillId}, no. ${id.receiptNo}, ${id.storeId}, ${id.day}. The day is counted again.\n`,
    );
    return EXIT.ok;
  },
};
