import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Mapping, parseMapping } from '#tools/import/mapping.ts';
import { bindMapping } from '#tools/import/receipt-mapper.ts';
import type { Columns, JoinedTable } from '#tools/import/source-readers.ts';

const HEADER = ['shop', 'no', 'when', 'sku', 'title', 'pcs', 'price', 'kind'];
const NOTHING_JOINED: Columns = { header: HEADER, joins: new Map() };

const mappingOf = (more: object = {}): Mapping =>
  parseMapping(
    {
      receiptBy: ['no'],
      receipt: { store: 'shop', till: { constant: '1' }, receiptNo: 'no', closedAt: 'when' },
      line: { product: 'sku', name: 'title', quantity: 'pcs', unitPrice: 'price' },
      ...more,
    },
    'map.json',
  );

const rowsOf = (...rows: string[][]) =>
  rows.map((cells, index) => ({ number: index + 1, line: index + 2, cells }));
const ROW = ['s1', '7', '2026-01-02 09:00:00', 'A', 'Apple', '2', '1.50', ''];
const changed = (changes: Partial<Record<string, string>>): string[] =>
  HEADER.map((name, index) => changes[name] ?? ROW[index] ?? '');

const receiptOf = (mapping: Mapping, ...rows: string[][]) =>
  bindMapping(mapping, NOTHING_JOINED).receiptOf(rowsOf(...rows)).body as Record<string, unknown>;

describe('a mapping', () => {
  it('tells everything that is wrong with it, and where', () => {
    const wrong = {
      times: { timeOfDay: 'noon' },
      skip: [{ reason: 'x', when: { of: 'a' } }],
      receipt: { store: '', till: { constant: '1', column: 'x' }, receiptNo: 'no', closedAt: 'when' },
      line: { product: 'sku', quantity: 'pcs', unitPrice: { column: 'p', extract: '(' } },
      recieptBy: ['no'],
    };
    const message = (() => {
      try {
        parseMapping(wrong, 'map.json');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    for (const path of [
      'times.timeOfDay',
      'skip.0.when',
      'receipt.store',
      'receipt.till',
      'line.unitPrice.extract',
      'recieptBy',
    ]) {
      expect(message).toContain(`  ${path}: `);
    }
    expect(message).toContain('recieptBy: is not known here');
  });

  it('is held against the columns there are', () => {
    expect(() => bindMapping(mappingOf(), { header: ['x'], joins: new Map() })).toThrow(
      'the CSV has no column "shop"; it has x',
    );
    const joined = mappingOf({
      line: { product: { join: 'p', column: 'x' }, quantity: 'pcs', unitPrice: 'price' },
    });
    expect(() => bindMapping(joined, NOTHING_JOINED)).toThrow('no join "p"');
    expect(() => bindMapping(mappingOf({ times: { format: 'HH:mm' } }), NOTHING_JOINED)).toThrow(
      'time format',
    );
  });

  it('of the two public datasets is sound', () => {
    for (const name of ['uci', 'maven']) {
      const json = JSON.parse(readFileSync(new URL(`../../data-maps/${name}.json`, import.meta.url), 'utf8'));
      expect(parseMapping(json, name).receipt.till).toEqual({ constant: '1' });
    }
  });
});

describe('the receipt that rows make', () => {
  it('has what the rows say, amounts to the digit and empty cells left out', () => {
    expect(receiptOf(mappingOf(), ROW, changed({ sku: 'B', title: '', pcs: '1', price: '$0.125' }))).toEqual({
      store: 's1',
      till: '1',
      receiptNo: '7',
      closedAt: '2026-01-02T09:00:00',
      lines: [
        { product: 'A', name: 'Apple', quantity: 2, unitPrice: '1.50' },
        { product: 'B', quantity: 1, unitPrice: '0.125' },
      ],
    });
  });

  it('closes with its last row or its first, and its lines keep their own times', () => {
    const later = changed({ when: '2026-01-02 09:01:00' });
    const line = { product: 'sku', quantity: 'pcs', unitPrice: 'price', scannedAt: 'when' };
    const timesOf = (closesWith: string) => {
      const { closedAt, lines } = receiptOf(mappingOf({ closesWith, line }), ROW, later) as {
        closedAt: string;
        lines: { scannedAt?: string }[];
      };
      return [closedAt, ...lines.map(({ scannedAt }) => scannedAt)];
    };
    expect(timesOf('last')).toEqual(['2026-01-02T09:01:00', '2026-01-02T09:00:00', undefined]);
    expect(timesOf('first')).toEqual(['2026-01-02T09:00:00', undefined, '2026-01-02T09:01:00']);
  });

  it('brings back what the rule says, however the till writes its sign', () => {
    const mapping = mappingOf({ isReturn: { of: 'kind', equals: 'R' } });
    const linesOf = (pcs: string, price: string) =>
      receiptOf(mapping, changed({ pcs, price, kind: 'R' }))['lines'] as object[];
    const back = [{ product: 'A', name: 'Apple', quantity: -2, unitPrice: '1.5' }];
    expect([linesOf('2', '1.5'), linesOf('-2', '1.5'), linesOf('2', '-1.5')]).toEqual([back, back, back]);
    expect(receiptOf(mapping, ROW)['lines']).toMatchObject([{ quantity: 2 }]);
  });

  it('takes prices and names from a second table, and says what is not in it', () => {
    const products: JoinedTable = {
      header: ['id', 'price'],
      rows: new Map([['A', ['A', '$15.99 ']]]),
      by: (cells) => cells[3] ?? '',
    };
    const mapping = mappingOf({
      line: { product: 'sku', quantity: 'pcs', unitPrice: { join: 'products', column: 'price' } },
    });
    const recipe = bindMapping(mapping, { header: HEADER, joins: new Map([['products', products]]) });
    expect(recipe.receiptOf(rowsOf(ROW)).body).toMatchObject({ lines: [{ unitPrice: '15.99' }] });
    expect(() => recipe.receiptOf(rowsOf(changed({ sku: 'Z' })))).toThrow(
      'line 2: "Z" is not in the table products',
    );
  });

  it('carries payments, discounts and who bought, where the till tells', () => {
    const mapping = mappingOf({
      receipt: {
        store: { column: 'shop', values: { s1: 'sz01' } },
        till: { columns: ['shop', 'kind'], separator: '-' },
        receiptNo: 'no',
        closedAt: 'when',
        memberNo: { column: 'title', extract: '^(\\w)' },
        discount: { constant: '0.50' },
        payments: [
          { method: { constant: 'cash' }, amount: { constant: '2.50' } },
          { method: { constant: 'card' }, amount: 'kind' },
        ],
      },
    });
    expect(receiptOf(mapping, changed({ kind: '' }))).toMatchObject({
      store: 'sz01',
      till: 's1-',
      memberNo: 'A',
      discount: '0.50',
      payments: [{ method: 'cash', amount: '2.50' }],
    });
    expect(() => receiptOf(mapping, changed({ shop: 's2' }))).toThrow('"s2" is none of the values');
  });

  it('mends names that are too long or hold what no text may, and counts them', () => {
    const recipe = bindMapping(mappingOf(), NOTHING_JOINED);
    const made = recipe.receiptOf(
      rowsOf(changed({ title: 'x'.repeat(250) }), changed({ title: 'a\u0000b' }), ROW),
    );
    const names = (made.body as { lines: { name: string }[] }).lines.map(({ name }) => name);
    expect(names).toEqual(['x'.repeat(200), 'a b', 'Apple']);
    expect(made.namesMended).toBe(2);
  });

  it('is not made of a row that cannot be read', () => {
    expect(() => receiptOf(mappingOf(), ROW, changed({ pcs: 'two' }))).toThrow(
      'line 3: "two" is not a number',
    );
    expect(() => receiptOf(mappingOf(), changed({ shop: '' }))).toThrow('cannot be the id of a store');
  });
});

describe('the rules to skip rows by', () => {
  const rule = (when: object) => {
    const recipe = bindMapping(mappingOf({ skip: [{ reason: 'no', when }] }), NOTHING_JOINED);
    return (changes: Partial<Record<string, string>>) => recipe.skipReason(changed(changes)) === 'no';
  };

  it('compare numbers, texts and emptiness', () => {
    expect([rule({ of: 'price', below: 0 })({ price: '-1' }), rule({ of: 'price', below: 0 })({})]).toEqual([
      true,
      false,
    ]);
    expect(rule({ of: 'pcs', above: 1 })({})).toBe(true);
    expect(rule({ of: 'title', empty: true })({ title: ' ' })).toBe(true);
    expect(rule({ of: 'title', empty: false })({ title: ' ' })).toBe(false);
    expect(rule({ of: 'no', matches: '^C' })({ no: 'C7' })).toBe(true);
    expect(rule({ of: 'price', below: 0 })({ price: 'x' })).toBe(false);
  });

  it('combine with all, any and not', () => {
    const odd = rule({ all: [{ of: 'pcs', below: 0 }, { not: { of: 'no', matches: '^C' } }] });
    expect([odd({ pcs: '-1' }), odd({ pcs: '-1', no: 'C7' }), odd({})]).toEqual([true, false, false]);
    const either = rule({
      any: [
        { of: 'sku', equals: 'A' },
        { of: 'sku', equals: 'B' },
      ],
    });
    expect([either({}), either({ sku: 'B' }), either({ sku: 'C' })]).toEqual([true, true, false]);
  });
});
