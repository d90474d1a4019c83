/** The examples of requests of access. */
import { problem } from '../http/problems.ts';

const provenance = { source: 'till', evidence: 'sz01/T1/2026-11-22/000123' };

export const PEOPLE_EXAMPLES = {
  peopleSearch: {
    contract: 'PeopleSearch',
    summary: "A number as dialled in the chain's country.",
    value: { phone: '138 0013 8000' },
  },
  person: {
    contract: 'PersonResponse',
    summary: 'A member with a withdrawn consent, one purchase and one visit.',
    value: {
      id: 'p.3w5e11264sgsg5e3k2r6s0v9ty',
      createdAt: '2026-11-22T02:03:12.000Z',
      currency: 'CNY',
      links: [
        {
          ...{ kind: 'member', value: 'M1', ...provenance, confidence: 1 },
          ...{ linkedAt: '2026-11-22T02:03:12.000Z', author: 'record-purchases' },
        },
        {
          ...{ kind: 'phone', value: '+86*******8000', ...provenance, confidence: 0.9 },
          ...{ linkedAt: '2026-11-22T02:03:12.000Z', author: 'record-purchases' },
        },
      ],
      activeConsents: { profile: false, location: false, push: false, face: false, 'personal-offers': false },
      consents: [
        {
          ...{ purpose: 'push', granted: true, proof: 'terms of 2026-10, ticked in the app', source: 'app' },
          at: '2026-11-22T02:10:00.000Z',
        },
        {
          ...{ purpose: 'push', granted: false, proof: 'switched off in the app', source: 'phone' },
          at: '2026-12-01T11:00:00.000Z',
        },
      ],
      purchases: [
        {
          ...{ store: 'sz01', city: 'shenzhen', day: '2026-11-22', closedAt: '2026-11-22T02:03:12.000Z' },
          ...{ receipt: 'sz01/T1/2026-11-22/000123', net: '188.00', units: 2 },
          products: [{ product: 'SKU-1001', quantity: 2, net: '188.00' }],
        },
      ],
      visits: [
        {
          ...{ store: 'sz01', day: '2026-11-22', visitor: 'user.m.M1' },
          ...{ firstSeenAt: '2026-11-22T01:58:40.000Z', lastSeenAt: '2026-11-22T02:04:02.000Z' },
        },
      ],
      pushes: [
        {
          ...{ campaign: 'winter', store: 'sz01', decision: 'winter~sz01~p.3w5e~1795600800000' },
          ...{ at: '2026-11-25T10:00:00.000Z', reason: 'pushed', openedAt: '2026-11-25T10:00:41.000Z' },
        },
      ],
      near: [{ store: 'sz01', at: '2026-11-25T10:00:00.000Z' }],
      conflicts: [],
    },
  },
  conflicts: {
    contract: 'ConflictsResponse',
    summary: 'The phone of a purchase, which the register gives for a member.',
    value: {
      conflicts: [
        {
          people: [
            {
              ...{ id: 'p.3w5e11264sgsg5e3k2r6s0v9ty', createdAt: '2026-11-22T02:03:12.000Z' },
              links: [{ kind: 'phone', value: '+86*******8000', source: 'till' }],
              ...{ purchases: 3, visits: 0 },
            },
            {
              ...{ id: 'p.7h2e11264sgsg5e3k2r6s0v9tz', createdAt: '2026-11-25T10:00:00.000Z' },
              links: [{ kind: 'member', value: 'M1', source: 'app' }],
              ...{ purchases: 0, visits: 2 },
            },
          ],
          ...{ kind: 'phone', source: 'import', evidence: 'members.csv, line 2' },
          at: '2026-12-01T11:00:00.000Z',
        },
      ],
    },
  },
  settlement: {
    contract: 'Settlement',
    summary: 'The two are one person.',
    value: {
      people: ['p.3w5e11264sgsg5e3k2r6s0v9ty', 'p.7h2e11264sgsg5e3k2r6s0v9tz'],
      decision: 'same',
    },
  },
  settled: {
    contract: 'SettlementResponse',
    summary: 'The record that goes on is the older one.',
    value: { settled: 1, person: 'p.3w5e11264sgsg5e3k2r6s0v9ty' },
  },
  invalidSettlement: {
    contract: 'Problem',
    summary: 'A decision of another word.',
    value: problem(400, 'invalid-settlement', 'The settlement is not valid.', [
      { pointer: '#/decision', detail: 'must be same or different' },
    ]),
  },
  officerMissing: {
    contract: 'Problem',
    summary: 'The access token of staff who may read customers.',
    value: problem(403, 'role-missing', 'You need role:privacy-officer to settle a conflict.'),
  },
  noSuchConflict: {
    contract: 'Problem',
    summary: 'A conflict that was settled before.',
    value: problem(404, 'conflict-not-found', 'There is no open conflict between the two customers.'),
  },
  customersForbidden: {
    contract: 'Problem',
    summary: 'The access token of a store manager.',
    value: problem(
      403,
      'forbidden',
      'Customer data is restricted to privacy officers and to staff with scope:chain.',
    ),
  },
  noSuchPerson: {
    contract: 'Problem',
    summary: 'An unknown or erased customer.',
    value: problem(404, 'person-not-found', 'The customer does not exist, or was erased.'),
  },
  phoneInAddress: {
    contract: 'Problem',
    summary: 'A phone number in the URL.',
    value: problem(
      400,
      'phone-number-in-path',
      'A phone number must not be part of a path; post it to /v1/people/search.',
    ),
  },
  invalidSearch: {
    contract: 'Problem',
    summary: 'An invalid phone number.',
    value: problem(400, 'invalid-search', 'The search is not valid.', [
      { pointer: '#/phone', detail: 'is not a phone number' },
    ]),
  },
} as const;
