/** The examples of erasures. */
import { problem } from '../http/problems.ts';

const requested = {
  erasure: 'e.4k1m9x0c7d2t8v5q3w6z1r0b7n',
  requestedAt: '2026-12-03T02:00:00.000Z',
  completedAt: null,
  remaining: [],
  receipt: null,
};

const searched = (place: string, scanned: number, removedBefore = 0) => ({
  place,
  scanned,
  found: 0,
  removedBefore,
});

export const ERASURE_EXAMPLES = {
  erasureAsked: {
    contract: 'ErasureResponse',
    summary: 'The erasure is recorded.',
    value: { ...requested, state: 'requested' },
  },
  erasureDone: {
    contract: 'ErasureResponse',
    summary: 'No findings; one row arrived during the deletion and was removed.',
    value: {
      ...requested,
      state: 'done',
      completedAt: '2026-12-03T02:11:27.000Z',
      receipt: {
        searchedAt: '2026-12-03T02:11:26.000Z',
        places: [
          searched('table People', 41_877),
          searched('table Campaigns', 903_112, 1),
          searched('table Facts', 5_220_640),
          searched('faces of the collection', 18_204),
          searched('tracker', 1),
          searched('push service', 1),
        ],
        reassigned: 0,
        kept: [
          {
            what: 'Receipts, without telephone number and member number; and that each was counted once, by its receipt number.',
            why: 'Turnover is computed from them, and most countries require their retention.',
          },
        ],
        notSearched: [
          {
            what: 'Backups of the tables',
            why: 'A table can be restored to any second of that period. After a restore, this erasure has to be requested again.',
            goneAfterDays: 35,
          },
          {
            what: 'Logs of the functions',
            why: 'No identifier of a customer is ever written to them.',
            goneAfterDays: null,
          },
        ],
        afterwards:
          'A new receipt with the same number, or a new use of the app, creates another person without any earlier data. A receipt that was recorded before creates none.',
      },
    },
  },
  erasureIncomplete: {
    contract: 'ErasureResponse',
    summary: 'The search found rows; the erasure is retried automatically.',
    value: {
      ...requested,
      state: 'incomplete',
      remaining: [{ ...searched('table Visits', 2_310_004), found: 2, kinds: ['VISITOR/DAY'] }],
    },
  },
  noSuchErasure: {
    contract: 'Problem',
    summary: 'An unknown erasure.',
    value: problem(404, 'erasure-not-found', 'The erasure does not exist.'),
  },
} as const;
