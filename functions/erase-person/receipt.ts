/** The receipt of somebody who was forgotten: where they were searched for, what was kept, and what cannot be searched. */
import type { ErasureReceipt } from '#contracts/http/erasures.ts';
import type { SearchedPlace } from '#domain/people/erasure/erasure.ts';

/** What stays, because figures, proofs and tax offices count it, and says of nobody any more. */
const KEPT: ErasureReceipt['kept'] = [
  {
    what: 'Receipts, without telephone number and member number; that each was taken once, by name of the receipt.',
    why: 'Turnover is counted from them, and the law of most countries has them kept.',
  },
  {
    what: 'Visits as they were counted, each day in each store under another name that nobody can make again.',
    why: 'Figures of stores are counted anew from them.',
  },
  {
    what: 'Decisions about pushes and whether one was opened, under another name for each campaign, without phone and link.',
    why: 'What a campaign brought is proved by everybody it met, and not by those who stayed.',
  },
];

/** As the template has it: the log's retention, and how far back a table may be restored. */
const LOG_DAYS = 7;
const BACKUP_DAYS = 35;

const NOT_SEARCHED: ErasureReceipt['notSearched'] = [
  {
    what: 'The log of events',
    why: 'A log cannot be changed; it forgets by itself.',
    goneAfterDays: LOG_DAYS,
  },
  {
    what: 'Backups of the tables',
    why: 'A table can be restored to any second of that time. Whoever restores one has to forget this person again.',
    goneAfterDays: BACKUP_DAYS,
  },
  {
    what: 'The queue by which this was done',
    why: 'Its message said what to search for, and is deleted with the answer to it.',
    goneAfterDays: 0,
  },
  {
    what: 'Logs of the functions',
    why: 'No identifier of a customer is ever written to them.',
    goneAfterDays: null,
  },
];

const AFTERWARDS =
  'A receipt with the same number, or a visit to the app, is a new acquaintance: it makes another person, of whom nothing earlier is known. A receipt that was taken before makes nobody.';

/** @param usedAnew how many numbers of theirs somebody uses again since they asked */
export const receiptOf = (
  places: readonly SearchedPlace[],
  usedAnew: number,
  searchedAtMs: number,
): ErasureReceipt => ({
  searchedAt: new Date(searchedAtMs).toISOString(),
  places: places.map(({ place, lookedAt, found, sweptUp }) => ({ place, lookedAt, found, sweptUp })),
  usedAnew,
  kept: KEPT,
  notSearched: NOT_SEARCHED,
  afterwards: AFTERWARDS,
});
