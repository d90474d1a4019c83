/** The receipt of an erasure: what was searched, what is retained without identifiers, and what cannot be searched. */
import type { ErasureReceipt } from '#contracts/http/erasures.ts';
import type { SearchedPlace } from '#domain/people/erasure/erasure.ts';

/** Retained for figures, campaign reports and tax, without any identifier of the person. */
const KEPT: ErasureReceipt['kept'] = [
  {
    what: 'Receipts, without telephone number and member number; and that each was counted once, by its receipt number.',
    why: 'Turnover is computed from them, and most countries require their retention.',
  },
  {
    what: 'Visits as they were counted, for each day and store under a different pseudonym that cannot be reversed.',
    why: 'Figures of stores are recounted from them.',
  },
  {
    what: 'Push decisions and whether a push was opened, for each campaign under a different pseudonym, without phone and link.',
    why: 'The result of a campaign is measured over all its customers, not only over those who were not erased.',
  },
];

/** As in the template: the retention of the event stream, and how far back a table can be restored. */
const LOG_DAYS = 7;
const BACKUP_DAYS = 35;

const NOT_SEARCHED: ErasureReceipt['notSearched'] = [
  {
    what: 'The event stream',
    why: 'Its records cannot be changed; they expire.',
    goneAfterDays: LOG_DAYS,
  },
  {
    what: 'Backups of the tables',
    why: 'A table can be restored to any second of that period. After a restore, this erasure has to be requested again.',
    goneAfterDays: BACKUP_DAYS,
  },
  {
    what: 'The queue of the erasure',
    why: 'Its message holds the identifiers to search for, and is deleted once it is processed.',
    goneAfterDays: 0,
  },
  {
    what: 'Logs of the functions and of requests',
    why: 'No identifier of a customer is ever written to them: of phones neither the id nor the address.',
    goneAfterDays: null,
  },
];

const AFTERWARDS =
  'A new receipt with the same number, or a new use of the app, creates another person without any earlier data. A receipt that was recorded before creates none.';

/**
 * Returns the receipt of a completed erasure.
 *
 * @param reused how many numbers of the person are in use again since the request
 */
export const receiptOf = (
  places: readonly SearchedPlace[],
  reused: number,
  searchedAtMs: number,
): ErasureReceipt => ({
  searchedAt: new Date(searchedAtMs).toISOString(),
  places: places.map(({ place, scanned, found, removedBefore }) => ({
    place,
    scanned,
    found,
    removedBefore,
  })),
  reassigned: reused,
  kept: KEPT,
  notSearched: NOT_SEARCHED,
  afterwards: AFTERWARDS,
});
