/** State of a receipts import: its counts, always those of a complete prefix of the file, so that a later run can resume. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Schema of the state as the checkpoint stores it. */
export const ImportState = v.object({
  /** All rows up to this number are recorded, except those of receipts held until the end. */
  rowsDone: count,
  /** How many of the held receipts are recorded; they are sent in a fixed order. */
  heldReceiptsDone: count,
  rows: count,
  receipts: count,
  accepted: count,
  refused: count,
  invalidRows: count,
  /** Product names that were cleaned or truncated. */
  namesCorrected: count,
  /** Skipped rows by the reason of their rule. */
  skipped: v.record(v.string(), count),
  /** Phone numbers that the API left out of accepted receipts. */
  phonesDropped: v.optional(count, 0),
  /** Refused receipts and unreadable rows by their reason, without the values in it. */
  reasons: v.optional(v.record(v.string(), count), {}),
  /** Accepted receipts that are in conflict with another one of their number, and are not counted. */
  conflicts: v.optional(count, 0),
  /** Length of the rejects file at this state. */
  rejectsBytes: count,
});

export type ImportState = Readonly<v.InferOutput<typeof ImportState>>;

export const EMPTY_IMPORT: ImportState = {
  rowsDone: 0,
  heldReceiptsDone: 0,
  rows: 0,
  receipts: 0,
  accepted: 0,
  refused: 0,
  invalidRows: 0,
  namesCorrected: 0,
  skipped: {},
  phonesDropped: 0,
  reasons: {},
  conflicts: 0,
  rejectsBytes: 0,
};
