/**
 * The erasure of a customer on request: its states, and the report of what was searched.
 *
 * An erasure first collects every identifier of the customer (`personal-identifiers.ts`), because after the first deletion
 * there is nothing left to search with; then it deletes and verifies by a full scan (`trace-finder.ts`, `row-policy.ts`).
 */

/** `requested`: nothing is deleted yet. `incomplete`: the scan after the deletion still found traces; the erasure is retried. */
export const ERASURE_STATES = ['requested', 'erasing', 'incomplete', 'done'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

const ERASURE_ID = /^e\.[0-9a-z]{26}$/;
/** Reports whether a text is the id of an erasure: `e.` and 26 letters and digits. */
export const isErasureId = (text: string): boolean => ERASURE_ID.test(text);

/** The result of the last search of one place. */
export interface SearchedPlace {
  /** `table Facts`, `faces of the collection` … */
  readonly place: string;
  /** Rows, faces, phones. */
  readonly scanned: number;
  readonly found: number;
  /** Traces that earlier searches found after the first deletion, and deleted. */
  readonly removedBefore: number;
  /** Kinds of rows that were found and could not be deleted. Never an identifier. */
  readonly kinds: readonly string[];
}
