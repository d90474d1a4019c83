/** Exports as tills and spreadsheets damage them, through the command: what is posted, and what the words say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatKey, KEY_ID_LENGTH, SECRET_LENGTH } from '#contracts/device-key.ts';
import { aisle } from '#tools/aisle.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const KEY = formatKey({ keyId: 'k'.repeat(KEY_ID_LENGTH), secret: 's'.repeat(SECRET_LENGTH) });

interface Posted {
  readonly store: string;
  readonly till: string;
  readonly receiptNo: string;
  readonly closedAt: string;
  readonly discount?: string;
  readonly phone?: string;
  readonly payments?: object[];
  readonly lines: ReadonlyArray<{
    readonly product: string;
    readonly quantity: number;
    readonly unitPrice: string;
  }>;
}

let folder: string;
let server: Server;
let url: string;
let posted: Posted[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-damaged-'));
  posted = [];
  server = createServer(async (request, response) => {
    const { receipts } = JSON.parse(await text(request)) as { receipts: Posted[] };
    posted.push(...receipts);
    const results = receipts.map((_, index) => ({ status: 'accepted', index, id: 'x' }));
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ accepted: 0, refused: 0, notAccepted: 0, receipts: results }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(KEY));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const LINE = { product: 'Code', quantity: 'Qty', unitPrice: 'Price' };
const mapOf = ({
  receipt = {},
  line = {},
  ...more
}: {
  receipt?: object;
  line?: object;
  [name: string]: unknown;
} = {}) => ({
  receiptBy: ['No'],
  receipt: {
    store: { constant: 's1' },
    till: { constant: '1' },
    receiptNo: 'No',
    closedAt: 'Time',
    ...receipt,
  },
  line: { ...LINE, ...line },
  ...more,
});

/** Imports the lines of a CSV. Returns the exit code, the output and the reasons in the rejects file. */
async function importing(lines: readonly string[], mapping: object, ...args: string[]) {
  writeFileSync(join(folder, 'sales.csv'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'map.json'), JSON.stringify(mapping));
  const terminal = recordingTerminal(folder, {});
  const target = args.includes('--dry-run') ? [] : ['--url', url, '--keys', 'keys.json'];
  const exitCode = await aisle(['import', 'sales.csv', '--map', 'map.json', ...target, ...args], terminal);
  let rejects = '';
  try {
    rejects = readFileSync(join(folder, 'sales.csv.rejects.csv'), 'utf8');
  } catch {
    // Nothing was refused.
  }
  return { exitCode, rejects, ...terminal.printed };
}

const totals = () =>
  posted.map(({ receiptNo, lines }) => [
    receiptNo,
    lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * Number(unitPrice), 0),
  ]);

describe('a receipt of which a row cannot be read', () => {
  const TILL = mapOf({ receipt: { till: 'Till' }, line: { name: 'Name' } });
  const HEAD = 'Till,No,Time,Code,Name,Qty,Price';

  it('is refused whole where a comma is not quoted (R1)', async () => {
    const lines = [
      HEAD,
      '1,q0,2026-11-20 09:00:00,A,Nuts,1,3.00',
      '1,q1,2026-11-20 10:00:00,A,Nuts, roasted,1,3.00',
      '1,q1,2026-11-20 10:00:00,B,Milk,1,5.00',
      '1,q2,2026-11-20 11:00:00,B,Milk,1,5.00',
    ];
    const { exitCode, rejects, out } = await importing(lines, TILL);
    expect(exitCode).toBe(3);
    expect(totals()).toEqual([
      ['q0', 3],
      ['q2', 5],
    ]);
    expect(rejects).toContain('has 8 fields instead of 7');
    expect(rejects).toContain('line 3 cannot be read and may belong to this receipt');
    expect(out).toContain('1 × a line cannot be read and may belong to this receipt');
  });

  it('takes with it each receipt to which the row may have belonged (R1)', async () => {
    const lines = [
      HEAD,
      '1,q1,2026-11-20 10:00:00,A,Nuts,1,3.00',
      'broken',
      '1,q2,2026-11-20 11:00:00,B,Milk,1,5.00',
      '1,q3,2026-11-20 12:00:00,B,Milk,1,5.00',
    ];
    await importing(lines, TILL);
    expect(totals()).toEqual([['q3', 5]]);
  });

  it('is refused whole where its rows are scattered and one has no time (R1)', async () => {
    const lines = [
      HEAD,
      '1,q1,2026-11-20 10:00:00,A,Nuts,1,3.00',
      '1,q2,2026-11-20 11:00:00,B,Milk,1,5.00',
      '1,q1,yesterday,A,Nuts,1,4.00',
      '1,q3,2026-11-20 12:00:00,B,Milk,1,6.00',
    ];
    await importing(lines, TILL);
    expect(totals()).toEqual([
      ['q2', 5],
      ['q3', 6],
    ]);
  });

  it('is refused where merged cells leave its number out, and read with --fill-down (R1)', async () => {
    const lines = [
      'No,Time,Code,Qty,Price',
      ...['R1,2026-11-20 10:00:00,A,1,10', ',,B,1,20', ',,C,1,30'],
      ...['R2,2026-11-20 11:00:00,A,1,10', ',,D,1,5'],
    ];
    const { exitCode, rejects } = await importing(lines, mapOf());
    expect([exitCode, posted]).toEqual([3, []]);
    expect(rejects).toContain(
      'has no receipt number; if cells are merged, set ""fillDown"": true or pass --fill-down',
    );
    expect((await importing(lines, mapOf(), '--fill-down')).exitCode).toBe(0);
    expect(totals()).toEqual([
      ['R1', 60],
      ['R2', 15],
    ]);
  });
});

describe('numbers that a spreadsheet has shortened', () => {
  it('are refused row by row, and join no receipts and no products (R2)', async () => {
    const lines = [
      'Till,No,Time,Code,Qty,Price',
      '1,2.02611E+17,2026-11-20 10:00:00,A,1,3.00',
      '1,2.02611E+17,2026-11-20 11:00:00,B,1,4.00',
      '1,1001,2026-11-21 12:00:00,6.90123E+12,2,5.00',
      '1,1002,2026-11-21 12:00:00,6901234567892,2,5.00',
    ];
    const { exitCode, rejects } = await importing(lines, mapOf({ receipt: { till: 'Till' } }));
    expect(exitCode).toBe(3);
    expect(totals()).toEqual([['1002', 10]]);
    expect(rejects.match(/was shortened by a spreadsheet/g)).toHaveLength(2);
    expect(rejects).toContain('line 3 cannot be read and may belong to this receipt');
  });
});

describe('a receipt number', () => {
  const HEAD = 'Till,No,Time,Cashier,Code,Qty,Price';
  const map = mapOf({ receipt: { till: 'Till', cashier: 'Cashier' } });

  it('is used by several tills and again on the next day, without joining receipts (R3)', async () => {
    const lines = [
      HEAD,
      '1,1001,2026-11-20 10:00:00,li,A,1,3.00',
      '2,1001,2026-11-20 10:05:00,li,B,1,4.00',
      '1,1002,2026-11-20 11:00:00,li,A,1,3.00',
      '1,1001,2026-11-21 12:00:00,li,C,2,5.00',
      '1,1002,2026-11-21 12:05:00,li,D,1,6.00',
    ];
    const { exitCode, out } = await importing(lines, map);
    expect(exitCode).toBe(0);
    expect(out).toContain('5 rows, 5 receipts');
    expect(posted.map(({ till, receiptNo }) => `${till} ${receiptNo}`)).toEqual([
      ...['1 1001', '2 1001', '1 1002', '1 1001', '1 1002'],
    ]);
  });

  it('joins the rows on both sides of midnight (R3)', async () => {
    const lines = [HEAD, '1,7,2026-11-20 23:59:00,li,A,1,3.00', '1,7,2026-11-21 00:01:00,li,B,1,4.00'];
    await importing(lines, map);
    expect(totals()).toEqual([['7', 7]]);
  });

  it.each([
    ['two cashiers have it', ['10:00:00,li', '10:01:00,wang'], 'two cashiers, li and wang, have the same'],
    ['its rows lie hours apart', ['10:00:00,li', '15:30:00,li'], 'lie 5.5 hours apart'],
  ])('is refused where %s (R3)', async (_, [first, second], reason) => {
    const lines = [HEAD, `1,7,2026-11-20 ${first},A,1,3.00`, `1,7,2026-11-20 ${second},B,1,4.00`];
    const { exitCode, rejects } = await importing(lines, map);
    expect([exitCode, posted]).toEqual([3, []]);
    expect(rejects).toContain(reason);
  });
});

describe('refunds of a discounted sale', () => {
  it.each([
    ['1', '100', '5', '95'],
    ['-1', '100', '-5', '-95'],
    ['-1', '-100', '-5', '-95'],
    ['-1', '100', '5', '-95'],
    ['1', '-100', '-5', '95'],
  ])('are one refund of 95 as quantity %s, price %s, discount %s, paid %s (R6)', async (...cells) => {
    const [quantity, price, discount, total] = cells;
    const map = mapOf({
      isReturn: { of: 'Type', equals: 'REFUND' },
      receipt: { payments: [{ method: 'Pay', amount: 'Total' }] },
      line: { discount: 'Disc' },
    });
    const lines = [
      'No,Type,Time,Code,Qty,Price,Disc,Total,Pay',
      `2,REFUND,2026-11-20 11:00:00,A,${quantity},${price},${discount},${total},cash`,
    ];
    expect((await importing(lines, map)).exitCode).toBe(0);
    expect(posted).toMatchObject([
      {
        lines: [{ quantity: -1, unitPrice: '100', discount: '5' }],
        payments: [{ method: 'cash', amount: '-95' }],
      },
    ]);
    expect((await importing(lines, map, '--dry-run')).out).toMatch(/returns +95\.00\n +net sales +-95\.00/);
  });

  it.each(['20', '-20'])(
    'take the discount of the receipt, written as %s, off what is given back (R6)',
    async (discount) => {
      const map = mapOf({ isReturn: { of: 'Type', equals: 'REFUND' }, receipt: { discount: 'Disc' } });
      const lines = [
        'No,Type,Time,Code,Qty,Price,Disc',
        `3,REFUND,2026-11-20 11:00:00,A,1,100,${discount}`,
        `3,REFUND,2026-11-20 11:00:00,B,1,100,${discount}`,
      ];
      expect((await importing(lines, map, '--dry-run')).out).toMatch(
        /returns +180\.00\n +net sales +-180\.00/,
      );
    },
  );
});

describe('a dry run', () => {
  it('refuses payments that do not fit, weights without a unit and dates in the future, like the API (R7)', async () => {
    const map = mapOf({ receipt: { payments: [{ method: 'Pay', amount: 'Paid' }] } });
    const lines = [
      'No,Time,Code,Qty,Price,Pay,Paid',
      'CR1,2026-11-10 10:00:00,A,1,2.31,cash,2.30',
      'CR2,2036-11-10 10:00:00,A,3,3.3333,cash,10.00',
      'CR3,2026-11-10 10:00:00,A,1,2.30,cash,2.30',
    ];
    const { exitCode, out, err } = await importing(lines, map, '--dry-run');
    expect(exitCode).toBe(3);
    expect(out).toContain('1 receipts of 1 stores');
    expect(out).toContain('would be refused 2');
    expect(out).toContain('line 2: #/payments do not add up to the receipt');
    expect(out).toContain('line 3: #/closedAt is more than a day ahead of now');
    expect(err).toContain('No cloud: stores, currency and phones are not checked.');
  });

  it('finds receipts of one number, which would be in conflict (R7)', async () => {
    const map = { ...mapOf(), receiptBy: undefined };
    const lines = ['No,Time,Code,Qty,Price', '1,2026-11-10 10:00:00,A,1,2', '1,2026-11-10 10:00:00,B,1,3'];
    const { exitCode, out } = await importing(lines, map, '--dry-run');
    expect([exitCode, out]).toEqual([
      3,
      expect.stringMatching(/in conflict +1 receipts have the number of an earlier/),
    ]);
  });
});

describe('a file', () => {
  it('is refused where a mapped column is there twice (R16)', async () => {
    const lines = ['No,Time,Code,Qty,Price,Qty,Price', 'D1,2026-11-09 10:00:00,A,1,999,2,10'];
    const { exitCode, err } = await importing(lines, mapOf());
    expect([exitCode, posted]).toEqual([1, []]);
    expect(err).toContain('the CSV has two columns "Qty", and they may differ');
  });

  it('is named where it is empty, or has a header and no rows (R24)', async () => {
    expect((await importing([], mapOf())).err).toMatch(/sales\.csv is empty/);
    const headerOnly = await importing(['No,Time,Code,Qty,Price'], mapOf());
    expect([headerOnly.exitCode, headerOnly.out]).toEqual([
      0,
      expect.stringContaining('a header and no rows'),
    ]);
  });

  it('names the line of an error once (R24)', async () => {
    const lines = ['No,Time,Code,Qty,Price', '1,2026-11-09 10:00:00,A,1,"1,299.50"'];
    const { out } = await importing(lines, mapOf(), '--dry-run');
    expect(out).toContain('    line 2: "1,299.50" is not a number: "," is not declared');
    expect(out).not.toContain('line 2: line 2');
  });

  it('writes its rejects to a folder that does not exist yet (R24)', async () => {
    const lines = ['No,Time,Code,Qty,Price', '1,2026-11-09 10:00:00,A,x,1'];
    const { exitCode } = await importing(lines, mapOf(), '--state', 'new/folder');
    expect(exitCode).toBe(3);
    expect(readFileSync(join(folder, 'new/folder/sales.csv.rejects.csv'), 'utf8')).toContain('not a number');
  });

  it('carries the store of a first row to the other rows of its order (R26)', async () => {
    const map = mapOf({ receipt: { store: 'Shop', phone: 'Phone' } });
    const lines = [
      'No,Time,Shop,Phone,Code,Qty,Price',
      '#1001,2026-11-09 10:00:00,s1,13800138000,A,1,5',
      '#1001,,,,B,1,6',
      '#1002,2026-11-09 11:00:00,s2,,A,1,7',
      '#1002,,,,B,1,8',
    ];
    const { exitCode } = await importing(lines, {
      ...map,
      receipt: { ...map.receipt, receiptNo: { column: 'No', extract: '(\\d+)' } },
    });
    expect(exitCode).toBe(0);
    expect(posted.map(({ store, receiptNo, phone }) => [store, receiptNo, phone]).sort()).toEqual([
      ['s1', '1001', '13800138000'],
      ['s2', '1002', undefined],
    ]);
    expect(
      totals()
        .map(([, total]) => total)
        .sort(),
    ).toEqual([11, 15]);
  });
});
