/** What an import of members has done so far: true of a whole beginning of the file. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const MEMBERS_PROGRESS = v.object({
  /** Rows up to this one are settled. */
  rowsDone: count,
  rows: count,
  /** Members of whom nothing was known, and of whom something was. */
  made: count,
  known: count,
  refused: count,
  /** Consents that members kept from this file. */
  consents: count,
  /** Length of the file of rejects when all this was true. */
  rejectsBytes: count,
});

export type MembersProgress = v.InferOutput<typeof MEMBERS_PROGRESS>;

export const NO_MEMBERS: MembersProgress = {
  rowsDone: 0,
  rows: 0,
  made: 0,
  known: 0,
  refused: 0,
  consents: 0,
  rejectsBytes: 0,
};
