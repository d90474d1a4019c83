/**
 * What a contract demands in ways that JSON Schema cannot hear, said once more in words that it can. Nothing here is ever
 * stricter than the service: whoever keeps to the description is taken.
 */
import { CAMPAIGN_REFINEMENTS } from './campaign-refinements.ts';
import { FOREIGN_ID, instant, type JsonSchema, PLACE_ID, type Refinements, refTo } from './schemas.ts';

const AMOUNT_DIGITS = '\\d{1,12}(?:\\.\\d{1,4})?';

const amount = (from0: boolean, example: string): JsonSchema => ({
  anyOf: [
    from0 ? { type: 'number', minimum: 0 } : { type: 'number' },
    { type: 'string', pattern: `^${from0 ? '' : '-?'}${AMOUNT_DIGITS}$` },
  ],
  examples: [example],
});

const TIME = { examples: ['2026-11-22T10:03:12+08:00', '2026-11-22T10:03:12'] } as const;
const DAY = { format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } as const;

const EACH_BY_ITSELF = 'Each is taken or refused on its own; a faulty one does not hold up the others.';

export const REFINEMENTS: Refinements = {
  Receipts: { receipts: { items: refTo('Receipt'), description: EACH_BY_ITSELF } },
  Sightings: { sightings: { items: refTo('Sighting'), description: EACH_BY_ITSELF } },
  ReceiptLine: {
    product: { ...FOREIGN_ID, examples: ['SKU-1001'] },
    unitPrice: amount(true, '99.00'),
    discount: amount(true, '10.00'),
    scannedAt: TIME,
  },
  Payment: { amount: amount(false, '89.00') },
  Receipt: {
    store: PLACE_ID,
    till: { ...FOREIGN_ID, examples: ['T1'] },
    receiptNo: { ...FOREIGN_ID, examples: ['000123'] },
    closedAt: TIME,
    businessDay: { ...DAY, examples: ['2026-11-22'] },
    currency: { description: "ISO 4217. May be left out: the store's is meant. Another one is refused." },
    cashier: FOREIGN_ID,
    memberNo: FOREIGN_ID,
    discount: amount(true, '5.00'),
    lines: { description: 'What was sold, given away and brought back, in the order of the receipt.' },
  },
  Phone: {
    '#': {
      description: 'A phone and whose it is: `member`, `phone` or both have to be there.',
      anyOf: [{ required: ['member'] }, { required: ['phone'] }],
    },
    member: { ...FOREIGN_ID, examples: ['M1'] },
    phone: { examples: ['138 0013 8000'] },
    platform: { description: "Whose push service the phone has: Google's, or Apple's." },
    pushToken: { description: 'What the push service gave the app.' },
    language: { description: 'In which language its owner is pushed to.' },
    consents: { description: 'To what they agreed, and to what they did not.' },
  },
  PhoneResponse: {
    device: { description: 'What the phone is called here.' },
    person: { description: 'Whose it is; as people are read and forgotten.' },
  },
  Consents: { consents: { description: 'In the order in which they were said.' } },
  Consent: {
    '#': { description: 'One word on one purpose.' },
    purpose: {
      description:
        '`location`: where their phone is may be used. `push`: they may be pushed to. Without its own consent neither is done; the others are written down for whoever has to show them.',
    },
    granted: { description: 'Whether they agree, or take it back.' },
    at: instant(9),
  },
  Positions: { positions: { items: refTo('Position'), description: EACH_BY_ITSELF } },
  Position: {
    '#': { description: 'Where the phone was at a moment.' },
    at: instant(9),
    datum: { description: 'What the degrees are of: GCJ-02 where a map of mainland China gave them.' },
  },
  PositionsResponse: {
    accepted: { description: 'How many are in the tracker.' },
    refused: { description: 'Those that are not, by their place in the request, from 0.' },
  },
  ErasureResponse: {
    erasure: { pattern: '^e\\.[0-9a-z]{26}$', description: 'What it is asked for by.' },
    askedAt: { description: 'RFC 3339, in UTC.' },
    doneAt: { description: 'RFC 3339, in UTC; null until then.' },
    receipt: { description: 'Null until it is done.' },
  },
  ErasureReceipt: {
    '#': { description: 'What was searched, and what was found: nothing.' },
    searchedAt: { description: 'When the last search ended; RFC 3339, in UTC.' },
  },
  ...CAMPAIGN_REFINEMENTS,
};
