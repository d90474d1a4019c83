/** State of a members import: its counts, always those of a complete prefix of the file, so that a later run can resume. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Schema of the state as the checkpoint stores it. */
export const MembersImportState = v.object({
  /** All rows up to this number are recorded. */
  rowsDone: count,
  rows: count,
  /** Members that the import created. */
  created: count,
  /** Members that existed before. */
  existing: count,
  refused: count,
  /** Members recorded without the phone of their row, which is another customer's. */
  withoutPhone: v.optional(count, 0),
  /** Consents recorded from this file. */
  consents: count,
  /** Length of the rejects file at this state. */
  rejectsBytes: count,
});

export type MembersImportState = v.InferOutput<typeof MembersImportState>;

export const EMPTY_MEMBERS_IMPORT: MembersImportState = {
  rowsDone: 0,
  rows: 0,
  created: 0,
  existing: 0,
  refused: 0,
  withoutPhone: 0,
  consents: 0,
  rejectsBytes: 0,
};
