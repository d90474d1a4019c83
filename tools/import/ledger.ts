/**
 * Records outcomes, which arrive in any order, in the order of the file. The state therefore always covers a complete prefix
 * of the file, from whose end a killed import resumes.
 */

import { csvLine } from './csv-stream.ts';
import type { Group } from './grouping.ts';
import { EMPTY_IMPORT, type ImportState } from './import-state.ts';
import { addReason } from './reasons.ts';

export type Outcome =
  | { readonly kind: 'accepted'; readonly phonesDropped?: number }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The group consists of excluded rows only. */
  | { readonly kind: 'none' };

export interface LedgerEntry {
  readonly group: Group;
  /** Store and number of the receipt, for messages; empty where they cannot be read. */
  readonly store: string;
  readonly receiptNo: string;
  readonly namesCorrected: number;
  outcome: Outcome | undefined;
}

export interface Ledger {
  /** Adds a group. Groups must be added in the order of the file. */
  open(
    group: Group,
    about?: Partial<Pick<LedgerEntry, 'store' | 'receiptNo' | 'namesCorrected'>>,
  ): LedgerEntry;
  /** Sets the outcome of an entry, and updates the state by all leading entries that have one. */
  record(entry: LedgerEntry, outcome: Outcome): void;
  /** Returns the number of rows that are not part of the state yet. */
  waitingRows(): number;
  state(): ImportState;
}

export const REJECTS_HEADER = ['line', 'store', 'receipt', 'reason'] as const;

/**
 * Creates a ledger.
 *
 * @param previous state of the earlier run to resume
 * @param reject writes a line of the rejects file and returns its length in bytes
 */
export function createLedger(
  previous: ImportState = EMPTY_IMPORT,
  reject: (line: string) => number = () => 0,
): Ledger {
  const state: { -readonly [Name in keyof ImportState]: ImportState[Name] } = { ...previous };
  const skipped: Record<string, number> = { ...previous.skipped };
  const reasons: Record<string, number> = { ...previous.reasons };
  /** A queue that is read at `head` and compacted when half of it has been read. */
  let entries: LedgerEntry[] = [];
  let head = 0;
  let waitingRows = 0;

  function applyToState(entry: LedgerEntry): void {
    const { group, outcome, store, receiptNo } = entry;
    const rejects = group.excluded
      .filter(({ kind }) => kind === 'invalid')
      .map(({ row, reason }) => ({ row, about: ['', '', reason] }));
    for (const { kind, reason } of group.excluded) {
      if (kind === 'skipped') skipped[reason] = (skipped[reason] ?? 0) + 1;
    }
    state.invalidRows += rejects.length;
    state.rows += sizeOf(group);
    state.namesCorrected += entry.namesCorrected;
    if (outcome?.kind !== 'none') state.receipts++;
    if (outcome?.kind === 'accepted') {
      state.accepted++;
      state.phonesDropped += outcome.phonesDropped ?? 0;
    }
    for (const { about } of rejects) addReason(reasons, about[2] ?? '');
    if (outcome?.kind === 'refused') {
      state.refused++;
      addReason(reasons, outcome.reason);
      rejects.push(...group.rows.map((row) => ({ row, about: [store, receiptNo, outcome.reason] })));
    }
    if (group.isHeld) state.heldReceiptsDone++;
    else state.rowsDone = group.lastRow;
    for (const { row, about } of rejects.sort((a, b) => a.row.number - b.row.number)) {
      state.rejectsBytes += reject(csvLine([row.line, ...about, ...row.cells]));
    }
  }

  return {
    open(group, about = {}) {
      const defaults = { store: '', receiptNo: '', namesCorrected: 0 };
      const entry: LedgerEntry = { ...defaults, ...about, group, outcome: undefined };
      entries.push(entry);
      waitingRows += sizeOf(group);
      return entry;
    },
    record(entry, outcome) {
      entry.outcome = outcome;
      for (let first = entries[head]; first?.outcome !== undefined; first = entries[head]) {
        applyToState(first);
        waitingRows -= sizeOf(first.group);
        head++;
      }
      if (head * 2 > entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
    },
    waitingRows: () => waitingRows,
    state: () => ({ ...state, skipped: { ...skipped }, reasons: { ...reasons } }),
  };
}

const sizeOf = ({ rows, excluded }: Group): number => rows.length + excluded.length;
