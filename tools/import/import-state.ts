/** What an import has done so far: its counts, in the order of the file, so that they are true of a whole beginning of it. */

export interface Progress {
  /** Rows up to this one are settled, but for those of receipts that are held for the end. */
  readonly rowsDone: number;
  /** Receipts of those that were held, settled in their order. */
  readonly heldDone: number;
  readonly rows: number;
  readonly receipts: number;
  readonly accepted: number;
  readonly refused: number;
  readonly faultyRows: number;
  readonly namesMended: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** Length of the file of rejects when all this was true. */
  readonly rejectsBytes: number;
}

export const NO_PROGRESS: Progress = {
  rowsDone: 0,
  heldDone: 0,
  rows: 0,
  receipts: 0,
  accepted: 0,
  refused: 0,
  faultyRows: 0,
  namesMended: 0,
  skipped: {},
  rejectsBytes: 0,
};
