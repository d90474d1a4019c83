/** What the document shows of forgetting somebody. */
import { problem } from '../http/problems.ts';

const asked = {
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
    summary: 'It is written down, and will be done.',
    value: { ...asked, state: 'requested' },
  },
  erasureDone: {
    contract: 'ErasureResponse',
    summary: 'Nothing is found any more; one row had come in while others were deleted.',
    value: {
      ...asked,
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
            what: 'Receipts, without telephone number and member number; that each was taken once, by name of the receipt.',
            why: 'Turnover is counted from them, and the law of most countries has them kept.',
          },
        ],
        notSearched: [
          {
            what: 'Backups of the tables',
            why: 'A table can be restored to any second of that time. Whoever restores one has to forget this person again.',
            goneAfterDays: 35,
          },
          {
            what: 'Logs of the functions',
            why: 'No identifier of a customer is ever written to them.',
            goneAfterDays: null,
          },
        ],
        afterwards:
          'A receipt with the same number, or a visit to the app, is a new acquaintance: it makes another person, of whom nothing earlier is known.',
      },
    },
  },
  erasureIncomplete: {
    contract: 'ErasureResponse',
    summary: 'Something was found all the same; it is tried again by itself.',
    value: {
      ...asked,
      state: 'incomplete',
      remaining: [{ ...searched('table Visits', 2_310_004), found: 2, kinds: ['VISITOR/DAY'] }],
    },
  },
  noSuchErasure: {
    contract: 'Problem',
    summary: 'No such erasure.',
    value: problem(404, 'erasure-not-found', 'The erasure does not exist.'),
  },
} as const;
