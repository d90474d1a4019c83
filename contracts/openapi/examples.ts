/** The examples of the document. Each names its contract, and a test validates it. */
import { problem } from '../http/problems.ts';
import { CAMPAIGN_EXAMPLES } from './campaign-examples.ts';
import { ERASURE_EXAMPLES } from './erasure-examples.ts';
import { PEOPLE_EXAMPLES } from './people-examples.ts';
import { PHONE_EXAMPLES } from './phone-examples.ts';
import type { ContractName } from './schemas.ts';
import { VISIT_EXAMPLES } from './visit-examples.ts';

export interface Example {
  readonly contract: ContractName;
  readonly summary: string;
  readonly value: unknown;
}

const sum = (value: string) => ({ value, numerator: value, denominator: null, formulaVersion: 1 });

const figures = {
  transactions: sum('128'),
  netSales: sum('12444.60'),
  averageTicket: { value: '99.3000', numerator: '12710.40', denominator: '128', formulaVersion: 1 },
  attainment: {
    value: null,
    withheld: 'no target' as const,
    numerator: '0.00',
    denominator: null,
    formulaVersion: 2,
  },
};

const asOf = '2026-11-22T15:04:41.120+08:00';

const refusedLine = {
  ...problem(400, 'invalid-receipt', 'The receipt is not valid.', [
    { pointer: '#/receipts/1/lines/0/quantity', detail: 'must not be 0' },
  ]),
};

export const EXAMPLES = {
  sale: {
    contract: 'Receipts',
    summary: 'A sale with a discount, paid in two ways, and a return.',
    value: {
      receipts: [
        {
          till: 'T1',
          receiptNo: '000123',
          closedAt: '2026-11-22T10:03:12+08:00',
          cashier: 'E-17',
          phone: '+8613800138000',
          lines: [
            { product: 'SKU-1001', name: 'Wool scarf', quantity: 2, unitPrice: '99.00', discount: '10.00' },
            { product: 'SKU-0001', name: 'Gift bag', quantity: 1, unitPrice: 0 },
          ],
          payments: [
            { method: 'wechat', amount: '150.00' },
            { method: 'cash', amount: '38.00' },
          ],
        },
        {
          till: 'T1',
          receiptNo: '000124',
          closedAt: '2026-11-22T10:05:40+08:00',
          lines: [{ product: 'SKU-1001', quantity: -1, unitPrice: '99.00' }],
        },
      ],
    },
  },
  accepted: {
    contract: 'ReceiptsResponse',
    summary: 'Both are accepted.',
    value: {
      accepted: 2,
      refused: 0,
      notAccepted: 0,
      receipts: [
        { status: 'accepted', index: 0, id: 'sz01/T1/2026-11-22/000123' },
        { status: 'accepted', index: 1, id: 'sz01/T1/2026-11-22/000124' },
      ],
    },
  },
  mixed: {
    contract: 'ReceiptsResponse',
    summary: 'The second is not valid.',
    value: {
      accepted: 1,
      refused: 1,
      notAccepted: 0,
      receipts: [
        { status: 'accepted', index: 0, id: 'sz01/T1/2026-11-22/000123' },
        { status: 'refused', index: 1, problem: refusedLine },
      ],
    },
  },
  noneAccepted: {
    contract: 'ReceiptsResponse',
    summary: 'The only receipt is not valid.',
    value: {
      accepted: 0,
      refused: 1,
      notAccepted: 0,
      receipts: [{ status: 'refused', index: 0, problem: refusedLine }],
    },
  },
  otherStore: {
    contract: 'ReceiptsResponse',
    summary: 'The key is for another store.',
    value: {
      accepted: 0,
      refused: 1,
      notAccepted: 0,
      receipts: [
        {
          status: 'refused',
          index: 0,
          problem: problem(403, 'store-mismatch', "The key is for store sz01, not for this receipt's."),
        },
      ],
    },
  },
  notAccepted: {
    contract: 'ReceiptsResponse',
    summary: 'The second must be sent again; sending both again does no harm.',
    value: {
      accepted: 1,
      refused: 0,
      notAccepted: 1,
      receipts: [
        { status: 'accepted', index: 0, id: 'sz01/T1/2026-11-22/000123' },
        {
          status: 'not-accepted',
          index: 1,
          problem: problem(429, 'stream-throttled', 'The event stream is throttled; send it again later.'),
        },
      ],
    },
  },
  invalidBatch: {
    contract: 'Problem',
    summary: 'The body is not a list of receipts.',
    value: problem(400, 'invalid-batch', 'The body is not valid.', [
      { pointer: '#/receipts', detail: 'must hold at least one receipt' },
    ]),
  },
  invalidKey: {
    contract: 'Problem',
    summary: 'The key has been revoked.',
    value: problem(401, 'invalid-key', 'The key has been revoked.'),
  },
  wrongKeyType: {
    contract: 'Problem',
    summary: 'A valid key of another kind.',
    value: problem(403, 'wrong-key-type', 'The key is not for receipts.'),
  },
  storeNotSetUp: {
    contract: 'Problem',
    summary: 'The store must be configured first.',
    value: problem(409, 'store-not-configured', 'Store sz01 is not set up in the chain.'),
  },
  tooLarge: {
    contract: 'Problem',
    summary: 'Send it in parts.',
    value: problem(413, 'too-large', 'The body is larger than 1000000 bytes; send it in parts.'),
  },
  notJson: {
    contract: 'Problem',
    summary: 'Another content type.',
    value: problem(415, 'not-json', 'Send application/json.'),
  },
  invalidQuery: {
    contract: 'Problem',
    summary: 'An invalid query.',
    value: problem(400, 'invalid-query', 'The query is not valid.', [
      { pointer: '?to', detail: 'must not be before from' },
    ]),
  },
  scopeNotHeld: {
    contract: 'Problem',
    summary: 'A store outside the scopes of the access token.',
    value: problem(403, 'scope-not-granted', 'Your token does not grant store:bj01.'),
  },
  emptyScope: {
    contract: 'Problem',
    summary: 'An unknown city.',
    value: problem(404, 'empty-scope', 'There is no store in city:atlantis.'),
  },
  internal: {
    contract: 'Problem',
    summary: 'Quote the instance to the operator.',
    value: {
      ...problem(500, 'internal', 'The request could not be served; try again later.'),
      instance: 'urn:uuid:6d2c7c4e-6f0a-4b8e-9a5e-2f1f6f1f9b11',
    },
  },
  figures: {
    contract: 'FiguresResponse',
    summary: 'A morning by hours; till T3 has not reported, and no target is set.',
    value: {
      scope: 'store:sz01',
      from: '2026-11-22',
      to: '2026-11-22',
      grain: 'hour',
      currency: 'CNY',
      total: {
        asOf,
        completeness: { expected: 3, reported: 2, stores: { expected: 1, summed: 1 }, silent: ['T3'] },
        figures,
      },
      series: [
        {
          start: '2026-11-22T10:00:00+08:00',
          businessDay: '2026-11-22',
          asOf,
          completeness: { expected: 3, reported: 2, stores: { expected: 1, summed: 1 } },
          figures: { netSales: sum('1460.50') },
        },
      ],
      kpis: {
        netSales: {
          en: 'Net sales',
          zh: '净销售额',
          unit: 'money',
          formulaVersion: 1,
          formula: 'gross sales − discounts − returns',
          formulaZh: '销售总额 − 折扣额 − 退货额',
        },
      },
    },
  },
  ranking: {
    contract: 'RankingResponse',
    summary: 'The best seller of the day.',
    value: {
      scope: 'city:shenzhen',
      from: '2026-11-22',
      to: '2026-11-22',
      by: 'revenue',
      currency: 'CNY',
      asOf: '2026-11-22T07:04:41Z',
      products: [
        {
          rank: 1,
          product: 'SKU-1001',
          name: 'Wool scarf',
          units: '41',
          grossSales: '4059.00',
          netSales: '3900.00',
          returnUnits: '1',
          returns: '99.00',
        },
      ],
    },
  },
  stores: {
    contract: 'StoresResponse',
    summary: 'The stores of a store manager.',
    value: {
      currency: 'CNY',
      grants: ['store:sz01'],
      stores: [
        {
          id: 'sz01',
          name: 'Shenzhen Coco Park',
          nameZh: '深圳购物公园店',
          city: 'shenzhen',
          region: 'south',
          timeZone: 'Asia/Shanghai',
          today: '2026-11-22',
          tills: ['T1', 'T2', 'T3'],
        },
      ],
    },
  },
  ...VISIT_EXAMPLES,
  ...CAMPAIGN_EXAMPLES,
  ...PHONE_EXAMPLES,
  ...PEOPLE_EXAMPLES,
  ...ERASURE_EXAMPLES,
} as const satisfies Record<string, Example>;

export type ExampleName = keyof typeof EXAMPLES;
