import { describe, expect, it } from 'vitest';
import { EVENT_BYTES_MAX } from '#application/ingestion/batch-response.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { ingestReceipts } from '#functions/ingest-receipts/ingest-receipts.ts';
import { SZ01, storeOf } from '../../support/chain.ts';
import { memoryLog } from '../../support/memory-log.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const DEVICE = 'till-1' as DeviceId;

const body = (receiptNo: number, more: object = {}) => ({
  till: 'T1',
  receiptNo: `${receiptNo}`,
  closedAt: '2026-11-22T10:03:12',
  lines: [{ product: 'SKU-1', quantity: 1, unitPrice: 10 }],
  ...more,
});
const BAD = body(0, { till: '' });
const FOREIGN = body(0, { store: 'gz01' });

async function take(
  bodies: readonly unknown[],
  { log = memoryLog(), store = SZ01, country = 'CN', labels = [] as string[] } = {},
) {
  const pauses = { pause: async () => {}, random: () => 0 };
  const { status, response } = await ingestReceipts(
    { log, pauses, nowMs: () => NOW_MS, chain: async () => ({ country, labels }) },
    store,
    DEVICE,
    bodies,
  );
  const events = log.records.map(({ bytes }) => {
    const parsed = parseEvent(bytes);
    if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
    return parsed.event;
  });
  return { status, response, events, statuses: response.receipts.map((one) => one.status) };
}

const pointersOf = async (more: object, store = SZ01) => {
  const { response } = await take([body(1, more)], { store });
  const [first] = response.receipts;
  return first?.status === 'refused' ? first.problem.errors?.map(({ pointer }) => pointer) : [];
};

describe('the response to a request', () => {
  it('is 202 where all receipts are durable, with the id of each', async () => {
    const { status, response, events } = await take([body(1), body(2)]);
    expect(status).toBe(202);
    expect(response).toEqual({
      accepted: 2,
      refused: 0,
      notAccepted: 0,
      receipts: [
        { status: 'accepted', index: 0, id: 'sz01/T1/2026-11-22/1' },
        { status: 'accepted', index: 1, id: 'sz01/T1/2026-11-22/2' },
      ],
    });
    expect(events.map(({ id }) => id)).toEqual(['sz01/T1/2026-11-22/1', 'sz01/T1/2026-11-22/2']);
  });

  it('is 207 where some are, with the results in the order of the receipts', async () => {
    const { status, response, statuses, events } = await take([BAD, body(1), FOREIGN, body(2)]);
    expect(status).toBe(207);
    expect(statuses).toEqual(['refused', 'accepted', 'refused', 'accepted']);
    expect(response).toMatchObject({ accepted: 2, refused: 2, notAccepted: 0 });
    expect(response.receipts.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(response.receipts[0]).toMatchObject({ problem: { errors: [{ pointer: '#/receipts/0/till' }] } });
    expect(events.map(({ id }) => id)).toEqual(['sz01/T1/2026-11-22/1', 'sz01/T1/2026-11-22/2']);
  });

  it('is 400 where none is valid, and 403 where all are of another store', async () => {
    expect(await take([BAD, BAD])).toMatchObject({ status: 400, events: [] });
    expect(await take([BAD, FOREIGN])).toMatchObject({ status: 400, events: [] });
    expect(await take([FOREIGN, FOREIGN])).toMatchObject({ status: 403, events: [] });
  });

  it('is 429 where the log rejected some, and lists which', async () => {
    const log = memoryLog();
    log.takeOnly(1);
    const { status, response, statuses, events } = await take([body(1), BAD, body(2), body(3)], { log });
    expect(status).toBe(429);
    expect(statuses).toEqual(['accepted', 'refused', 'not-accepted', 'not-accepted']);
    expect(response).toMatchObject({ accepted: 1, refused: 1, notAccepted: 2 });
    expect(events.map(({ id }) => id)).toEqual(['sz01/T1/2026-11-22/1']);
    log.takeOnly(0);
    expect(await take([body(4)], { log })).toMatchObject({ status: 429, statuses: ['not-accepted'] });
  });

  it('stays far below the limit of a response, however many errors there are', async () => {
    const worst = body(0, { lines: Array.from({ length: 100 }, () => ({ ['深'.repeat(500)]: 0 })) });
    const { status, response } = await take(Array.from({ length: 500 }, () => worst));
    expect(status).toBe(400);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(response)))).toBeLessThan(5_000_000);
    const [first] = response.receipts;
    expect(first?.status === 'refused' && first.problem.errors?.at(-1)?.detail).toMatch(
      /^and \d+ more errors$/,
    );
  });
});

describe('a receipt in a request', () => {
  it('is completed by the offset, the business day and the store', async () => {
    const nightMarket = storeOf('sz01', 'shenzhen', 'south', { dayCutMinutes: 240 });
    const { events } = await take([body(1, { closedAt: '2026-11-22T03:59' })], { store: nightMarket });
    expect(events).toMatchObject([
      {
        source: '/stores/sz01/devices/till-1',
        subject: 'sz01',
        data: { store: 'sz01', businessDay: '2026-11-21', closedAt: { offsetMinutes: 480 } },
      },
    ]);
  });

  it('keeps the business day and the store that the till sends', async () => {
    const { status, events } = await take([body(1, { store: 'sz01', businessDay: '2026-11-21' })]);
    expect(status).toBe(202);
    expect(events).toMatchObject([{ data: { businessDay: '2026-11-21' } }]);
  });

  it('is the same event however often the till sends it', async () => {
    const log = memoryLog();
    await take([body(1)], { log });
    await take([body(1)], { log });
    expect(log.records[0]?.bytes).toEqual(log.records[1]?.bytes);
  });

  it.each([
    ['no time', { closedAt: 'now' }, '#/receipts/0/closedAt'],
    ['a time more than a day ahead', { closedAt: '2026-11-23T20:00:01' }, '#/receipts/0/closedAt'],
    ['a time of a clock that lost its battery', { closedAt: '1999-12-31T00:00' }, '#/receipts/0/closedAt'],
    ['a business day ahead of its time', { businessDay: '2026-11-24' }, '#/receipts/0/businessDay'],
    ['a business day of another age', { businessDay: '1026-11-22' }, '#/receipts/0/businessDay'],
    ['another currency', { currency: 'USD' }, '#/receipts/0/currency'],
    ['payments that do not add up', { payments: [{ method: 'cash', amount: 9 }] }, '#/receipts/0/payments'],
    ['a discount above its worth', { discount: '10.0001' }, '#/receipts/0/discount'],
    [
      'a scan of no time',
      { lines: [{ product: 'a', quantity: 1, unitPrice: 1, scannedAt: '25:00' }] },
      '#/receipts/0/lines/0/scannedAt',
    ],
  ])('is rejected with %s', async (_, more, pointer) => {
    expect(await pointersOf(more)).toEqual([pointer]);
  });

  it('may be up to a day ahead, and belong to the next business day', async () => {
    expect(await pointersOf({ closedAt: '2026-11-23T20:00:00' })).toEqual([]);
    expect(await pointersOf({ businessDay: '2026-11-23' })).toEqual([]);
    expect(await pointersOf({ businessDay: '2026-11-01' })).toEqual([]);
  });

  it('is rejected where it exceeds the size of a row', async () => {
    const lines = (name: string) =>
      Array.from({ length: 1_000 }, () => ({ product: 'SKU-1', name, quantity: 1, unitPrice: 1 }));
    expect(await pointersOf({ lines: lines('深'.repeat(200)) })).toEqual(['#/receipts/0']);
    const { status, events } = await take([body(1, { lines: lines('深'.repeat(40)) })]);
    expect(status).toBe(202);
    expect(events).toHaveLength(1);
    expect(EVENT_BYTES_MAX).toBeLessThan(400_000);
  });
});

describe('a phone number on a receipt', () => {
  const phoneOf = async (phone: unknown, country = 'CN') => {
    const { response, events } = await take([body(1, { phone })], { country });
    const [result] = response.receipts;
    const [event] = events;
    return {
      status: result?.status,
      warnings: result?.status === 'accepted' ? result.warnings?.map(({ pointer }) => pointer) : undefined,
      phone: event?.type === 'aisle.receipt.closed' ? event.data.phone : undefined,
    };
  };

  it.each([
    ['13800138000', '+8613800138000'],
    ['138 0013 8000', '+8613800138000'],
    ['+86 139 1134 7788', '+8613911347788'],
    ['+8613911347788', '+8613911347788'],
    [13_800_138_000, '+8613800138000'],
  ])('is read by the rules of the country of the chain: %s (R8)', async (typed, phone) => {
    expect(await phoneOf(typed)).toEqual({ status: 'accepted', warnings: undefined, phone });
  });

  it.each(['00000', '-', '1.39E+10', 'none', 'x'.repeat(500)])(
    'costs the phone and not the sale where it cannot be read, with a warning: %s (R8)',
    async (typed) => {
      expect(await phoneOf(typed)).toEqual({
        status: 'accepted',
        warnings: ['#/receipts/0/phone'],
        phone: undefined,
      });
    },
  );

  it('is left out in silence where it is blank (R8)', async () => {
    expect(await phoneOf(' ')).toEqual({ status: 'accepted', warnings: undefined, phone: undefined });
  });
});

describe("a till's clock that lost its battery", () => {
  it.each(['1970-01-01T00:10:00', '1980-01-01T08:00:00', '2000-01-01T00:00:00', '2000-06-01T12:00:00'])(
    'shows %s, and its receipt is refused with the cause (R15)',
    async (closedAt) => {
      const { response } = await take([body(1, { closedAt })]);
      const [first] = response.receipts;
      expect(first?.status === 'refused' && first.problem.errors?.map(({ detail }) => detail)).toEqual([
        "is before 2001; the till's clock may have lost its battery",
      ]);
    },
  );
});

describe('the lines of a receipt', () => {
  const detailsOf = async (line: object, more: object = {}) => {
    const { response } = await take([body(1, { lines: [{ product: 'A', quantity: 1, ...line }], ...more })]);
    const [first] = response.receipts;
    return first?.status === 'refused' ? first.problem.errors?.map(({ detail }) => detail) : first?.status;
  };

  it('may be weights and amounts, which are published in the second version (R12)', async () => {
    const lines = [
      { product: 'BANANA', quantity: 0.333, unit: 'kg', unitPrice: 1 },
      { product: 'TEA', quantity: 3, amount: '10.00' },
    ];
    const { events, statuses } = await take([
      body(1, { lines, payments: [{ method: 'cash', amount: '10.33' }] }),
      body(2),
    ]);
    expect(statuses).toEqual(['accepted', 'accepted']);
    expect(events.map(({ dataschema }) => dataschema)).toEqual([
      'urn:aisle:schema:receipt.closed:2',
      'urn:aisle:schema:receipt.closed:1',
    ]);
  });

  it('name what a weight or an amount lacks (R12)', async () => {
    expect(await detailsOf({ quantity: 0.5, unitPrice: 1 })).toEqual([
      'must be a whole number of pieces, or have a unit such as kg',
    ]);
    expect(await detailsOf({ quantity: 0.3333, unit: 'kg', unitPrice: 1 })).toEqual([
      'must have at most three decimals',
    ]);
    expect(await detailsOf({})).toEqual(['is missing; a line has a unitPrice or an amount']);
  });

  it('are refused with a price above the limit, such as a barcode in its field (R11)', async () => {
    expect(await detailsOf({ unitPrice: 690_123_456_789 })).toEqual([
      'is above the price limit of 9999999999.00; is it a barcode?',
    ]);
    expect(await detailsOf({ unitPrice: 9_999_999_999 })).toBe('accepted');
  });

  it('are all below 0 on a receipt that voids another one (R11)', async () => {
    expect(await detailsOf({ unitPrice: 5 }, { voids: '7' })).toEqual([
      'needs all lines below 0: they take back what the other receipt sold',
    ]);
    expect(await detailsOf({ unitPrice: 5, quantity: -1 }, { voids: '7' })).toBe('accepted');
  });
});

describe('the product of a line', () => {
  const linesOf = async (line: object) => {
    const bodies = [body(1, { lines: [{ quantity: 1, ...line }] })];
    const { events } = await take(bodies, { labels: ['20PPPPPWWWWWC', '21PPPPPMMMMMC'] });
    const [event] = events;
    return event?.type === 'aisle.receipt.closed' ? event.data.lines : [];
  };

  it('is one in every length of its barcode (R27)', async () => {
    for (const product of ['6901234567892', '06901234567892']) {
      expect(await linesOf({ product, unitPrice: 3 })).toMatchObject([{ product: '06901234567892' }]);
    }
  });

  it('is read from a scale label with the weight, at the price that the till says (R27)', async () => {
    expect(await linesOf({ product: '2012345003330', unitPrice: '4.33' })).toMatchObject([
      { product: '2012345', quantity: 0.333, unit: 'kg', amount: 43_300n },
    ]);
    expect(await linesOf({ product: '2012345003330', unitPrice: '4.33', quantity: -1 })).toMatchObject([
      { product: '2012345', quantity: -0.333, amount: 43_300n },
    ]);
  });

  it('takes the price of a label where the till says none (R27)', async () => {
    expect(await linesOf({ product: '2112345012995', unitPrice: 0 })).toMatchObject([
      { product: '2112345', quantity: 1, amount: 129_900n },
    ]);
  });
});
