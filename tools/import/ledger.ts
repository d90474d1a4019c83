/**
 * Answers come in any order; the ledger books them in the order of the file. So what has been booked is always
 * true of a whole beginning of the file, and an import that is killed goes on from exactly there.
 */

import { csvLine } from './csv-stream.ts';
import type { Group } from './grouping.ts';
import { NO_PROGRESS, type Progress } from './import-state.ts';

export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing but rows that were passed over. */
  | { readonly kind: 'none' };

export interface Entry {
  readonly group: Group;
  /** Of the receipt, for people; empty where they could not be read. */
  readonly store: string;
  readonly receiptNo: string;
  readonly namesMended: number;
  outcome: Outcome | undefined;
}

export interface Ledger {
  /** Takes a group down, in the order of the file. */
  open(group: Group, about?: Partial<Pick<Entry, 'store' | 'receiptNo' | 'namesMended'>>): Entry;
  settle(entry: Entry, outcome: Outcome): void;
  /** Rows of groups that are not settled yet, or wait for one before them. */
  waitingRows(): number;
  progress(): Progress;
}

export const REJECTS_HEADER = ['line', 'store', 'receipt', 'reason'] as const;

/**
 * @param begun what an earlier run has booked
 * @param reject keeps lines of the file of rejects and tells their length in bytes
 */
export function createLedger(
  begun: Progress = NO_PROGRESS,
  reject: (line: string) => number = () => 0,
): Ledger {
  const progress: { -readonly [Name in keyof Progress]: Progress[Name] } = { ...begun };
  const skipped: Record<string, number> = { ...begun.skipped };
  /** A queue that is read at `head`; what was read is cut off now and then. */
  let entries: Entry[] = [];
  let head = 0;
  let waitingRows = 0;

  function book(entry: Entry): void {
    const { group, outcome, store, receiptNo } = entry;
    const rejects = group.passed
      .filter(({ kind }) => kind === 'faulty')
      .map(({ row, reason }) => ({ row, about: ['', '', reason] }));
    for (const { kind, reason } of group.passed) {
      if (kind === 'skipped') skipped[reason] = (skipped[reason] ?? 0) + 1;
    }
    progress.faultyRows += rejects.length;
    progress.rows += sizeOf(group);
    progress.namesMended += entry.namesMended;
    if (outcome?.kind !== 'none') progress.receipts++;
    if (outcome?.kind === 'accepted') progress.accepted++;
    if (outcome?.kind === 'refused') {
      progress.refused++;
      rejects.push(...group.rows.map((row) => ({ row, about: [store, receiptNo, outcome.reason] })));
    }
    if (group.isHeld) progress.heldDone++;
    else progress.rowsDone = group.lastRow;
    for (const { row, about } of rejects.sort((a, b) => a.row.number - b.row.number)) {
      progress.rejectsBytes += reject(csvLine([row.line, ...about, ...row.cells]));
    }
  }

  return {
    open(group, about = {}) {
      const entry: Entry = { store: '', receiptNo: '', namesMended: 0, ...about, group, outcome: undefined };
      entries.push(entry);
      waitingRows += sizeOf(group);
      return entry;
    },
    settle(entry, outcome) {
      entry.outcome = outcome;
      for (let first = entries[head]; first?.outcome !== undefined; first = entries[head]) {
        book(first);
        waitingRows -= sizeOf(first.group);
        head++;
      }
      if (head * 2 > entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
    },
    waitingRows: () => waitingRows,
    progress: () => ({ ...progress, skipped: { ...skipped } }),
  };
}

const sizeOf = ({ rows, passed }: Group): number => rows.length + passed.length;
