import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { ReceiptInput, ReceiptsRequest } from '#contracts/http/receipts.ts';

const LINE = { product: 'SKU-1', quantity: 1, unitPrice: '10.00' };
const RECEIPT = { till: 'T1', receiptNo: '1', closedAt: '2026-11-22T10:03:12', lines: [LINE] };

const pointersOf = (body: unknown): string[] => {
  const parsed = v.safeParse(ReceiptInput, body);
  return parsed.success ? [] : fieldErrorsOf(parsed.issues).map(({ pointer }) => pointer);
};
const withLine = (more: object) => ({ ...RECEIPT, lines: [{ ...LINE, ...more }] });
const without = (name: keyof typeof RECEIPT) =>
  Object.fromEntries(Object.entries(RECEIPT).filter(([key]) => key !== name));
const many = (count: number, one: unknown) => Array.from({ length: count }, () => one);

const LONE_SURROGATE = '\ud800';
const BAD_IDS = [
  '',
  ' T1',
  'T1 ',
  'T#1',
  'T\u0000',
  'T\u0007',
  'T\n1',
  LONE_SURROGATE,
  'T\ufffd',
  'T'.repeat(65),
  1,
  null,
  {},
  [],
];
const BAD_TEXTS = ['\u0000', 'a\nb', LONE_SURROGATE, '\ufffd', 'x'.repeat(201), 1, null, []];
const BAD_AMOUNTS = [
  '1.23456',
  1.23456,
  '1234567890123',
  1e15,
  1234567890.123456,
  999999999999.9999,
  0.1 + 0.2,
  1e-7,
  1e21,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  '1e3',
  ' 1',
  '1,00',
  '¥1',
  null,
  true,
  [],
  {},
];

describe('the request of a receipt', () => {
  it('accepts a till, a number, a time and one line', () => {
    expect(v.parse(ReceiptInput, RECEIPT)).toMatchObject({
      till: 'T1',
      lines: [{ quantity: 1, unitPrice: 100_000n }],
    });
  });

  it('accepts all fields', () => {
    const full = {
      ...RECEIPT,
      store: 'sz01',
      businessDay: '2026-11-22',
      currency: 'CNY',
      cashier: '收银员 7',
      phone: '+8613800138000',
      memberNo: 'M/1',
      discount: 0.5,
      lines: [{ ...LINE, name: '羊毛围巾 – "L"', discount: '0.5', scannedAt: '2026-11-22T10:03' }],
      payments: [{ method: 'cash', amount: -9 }],
    };
    expect(pointersOf(full)).toEqual([]);
  });

  it.each(['till', 'receiptNo', 'closedAt', 'lines'] as const)('requires %s', (name) => {
    expect(pointersOf(without(name))).toEqual([`#/${name}`]);
  });

  it('is an object', () => {
    for (const body of [null, 1, 'text', true]) expect(pointersOf(body)).toEqual(['#']);
    expect(pointersOf([])).toEqual(['#/till', '#/receiptNo', '#/closedAt', '#/lines']);
  });

  it('distinguishes missing fields from unknown ones', () => {
    const { till, ...rest } = RECEIPT;
    const detailsOf = (body: unknown) =>
      v.safeParse(ReceiptInput, body).issues?.map(({ message }) => message);
    expect(detailsOf(rest)).toEqual(['is missing']);
    expect(detailsOf({ ...RECEIPT, tilll: till })).toEqual(['is not a field of a receipt']);
    expect(detailsOf(7)).toEqual(['a receipt must be an object']);
  });

  it.each(['discont', 'toString', '__proto__', 'kind', 'a/b~c'])('rejects the unknown field %j', (name) => {
    const body = JSON.parse(JSON.stringify(RECEIPT).replace('{', `{${JSON.stringify(name)}:1,`));
    expect(pointersOf(body)).toEqual([`#/${encodeURIComponent(name.replace('~', '~0').replace('/', '~1'))}`]);
    const line = JSON.parse(JSON.stringify(LINE).replace('{', `{${JSON.stringify(name)}:1,`));
    expect(pointersOf({ ...RECEIPT, lines: [LINE, line] })[0]).toMatch(/^#\/lines\/1\//);
  });

  it.each(['till', 'receiptNo', 'cashier', 'memberNo'])(
    'requires a %s that is safe in keys and CSV',
    (name) => {
      for (const id of BAD_IDS)
        expect(pointersOf({ ...RECEIPT, [name]: id }), String(id)).toEqual([`#/${name}`]);
    },
  );

  it('requires product ids that are safe in keys and CSV', () => {
    for (const id of BAD_IDS)
      expect(pointersOf(withLine({ product: id })), String(id)).toEqual(['#/lines/0/product']);
  });

  it('accepts plain texts of at most 200 characters', () => {
    for (const text of BAD_TEXTS) {
      expect(new Set(pointersOf(withLine({ name: text })))).toEqual(new Set(['#/lines/0/name']));
      expect(new Set(pointersOf({ ...RECEIPT, closedAt: text }))).toEqual(new Set(['#/closedAt']));
      expect(new Set(pointersOf({ ...RECEIPT, payments: [{ method: text, amount: 1 }] }))).toEqual(
        new Set(['#/payments/0/method']),
      );
    }
    expect(pointersOf({ ...RECEIPT, payments: [{ method: '', amount: 1 }] })).toEqual([
      '#/payments/0/method',
    ]);
  });

  it('accepts amounts of at most 12 digits and 4 decimals, as numbers only if a double is exact', () => {
    for (const amount of BAD_AMOUNTS) {
      expect(pointersOf(withLine({ unitPrice: amount })), String(amount)).toEqual(['#/lines/0/unitPrice']);
      expect(pointersOf(withLine({ discount: amount })), String(amount)).toEqual(['#/lines/0/discount']);
      expect(pointersOf({ ...RECEIPT, discount: amount }), String(amount)).toEqual(['#/discount']);
      expect(pointersOf({ ...RECEIPT, payments: [{ method: 'cash', amount }] })).toEqual([
        '#/payments/0/amount',
      ]);
    }
    for (const amount of [0, -0, 0.1, 2.55, 99999999999.9999, '999999999999.9999', '0'])
      expect(pointersOf(withLine({ unitPrice: amount }))).toEqual([]);
  });

  it('rejects negative prices and discounts, and accepts refunds', () => {
    for (const below of [-1, '-0.0001']) {
      expect(pointersOf(withLine({ unitPrice: below }))).toEqual(['#/lines/0/unitPrice']);
      expect(pointersOf(withLine({ discount: below }))).toEqual(['#/lines/0/discount']);
      expect(pointersOf({ ...RECEIPT, discount: below })).toEqual(['#/discount']);
      expect(pointersOf({ ...RECEIPT, payments: [{ method: 'cash', amount: below }] })).toEqual([]);
    }
  });

  it('accepts whole quantities up to a million, except 0', () => {
    for (const quantity of [
      0,
      -0,
      1.5,
      1e9,
      -1e9,
      1_000_001,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '1',
      null,
    ]) {
      expect(new Set(pointersOf(withLine({ quantity }))), String(quantity)).toEqual(
        new Set(['#/lines/0/quantity']),
      );
    }
    for (const quantity of [1, -1, 1_000_000, -1_000_000])
      expect(pointersOf(withLine({ quantity }))).toEqual([]);
  });

  it('accepts 1 to 1,000 lines and at most 50 payments', () => {
    expect(pointersOf({ ...RECEIPT, lines: [] })).toEqual(['#/lines']);
    expect(pointersOf({ ...RECEIPT, lines: many(1_000, LINE) })).toEqual([]);
    expect(pointersOf({ ...RECEIPT, lines: many(1_001, LINE) })).toEqual(['#/lines']);
    expect(pointersOf({ ...RECEIPT, payments: many(50, { method: 'cash', amount: 1 }) })).toEqual([]);
    expect(pointersOf({ ...RECEIPT, payments: many(51, { method: 'cash', amount: 1 }) })).toEqual([
      '#/payments',
    ]);
  });

  it.each([
    ['businessDay', ['2026-02-30', '2026-1-1', '22.11.2026', '', 20261122]],
    ['currency', ['cny', 'CNYY', '元', '', 156]],
    ['store', ['深圳', 'a b', '', 1, 'a'.repeat(65)]],
  ])('has a %s of one form', (name, values) => {
    for (const value of values)
      expect(pointersOf({ ...RECEIPT, [name]: value }), String(value)).toEqual([`#/${name}`]);
  });

  it('takes any text or number for a phone, which never costs the receipt (R8)', () => {
    for (const phone of ['13800138000', '+86 138 0013 8000', '-', '', 13_800_138_000]) {
      expect(pointersOf({ ...RECEIPT, phone }), String(phone)).toEqual([]);
    }
  });

  it('reports all errors at once', () => {
    const body = {
      ...RECEIPT,
      till: '',
      currency: '1',
      lines: [LINE, { ...LINE, quantity: 0, unitPrice: -1 }],
    };
    expect(pointersOf(body)).toEqual(['#/till', '#/currency', '#/lines/1/quantity', '#/lines/1/unitPrice']);
  });
});

describe('the request of a batch', () => {
  it('holds 1 to 500 receipts and nothing else', () => {
    const isTaken = (body: unknown) => v.is(ReceiptsRequest, body);
    expect(isTaken({ receipts: many(500, {}) })).toBe(true);
    for (const body of [
      { receipts: [] },
      { receipts: many(501, {}) },
      { receipts: {} },
      {},
      [],
      null,
      { receipts: [{}], dry: true },
    ]) {
      expect(isTaken(body)).toBe(false);
    }
  });
});
