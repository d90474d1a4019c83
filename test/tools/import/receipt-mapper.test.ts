import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Mapping, parseMapping } from '#tools/import/mapping.ts';
import { createReceiptMapper } from '#tools/import/receipt-mapper.ts';
import type { Columns, JoinedTable } from '#tools/import/source-readers.ts';

const HEADER = ['shop', 'no', 'when', 'sku', 'title', 'pcs', 'price', 'kind'];
const NO_JOINS: Columns = { header: HEADER, joins: new Map() };

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
  createReceiptMapper(mapping, NO_JOINS).receiptOf(rowsOf(...rows)).body as Record<string, unknown>;

describe('a mapping', () => {
  it('is rejected with every error and its path', () => {
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
    expect(message).toContain('recieptBy: unknown field');
  });

  it('is validated against the columns of the CSV and its joins', () => {
    expect(() => createReceiptMapper(mappingOf(), { header: ['x'], joins: new Map() })).toThrow(
      'the CSV has no column "shop"; it has x',
    );
    const joined = mappingOf({
      line: { product: { join: 'p', column: 'x' }, quantity: 'pcs', unitPrice: 'price' },
    });
    expect(() => createReceiptMapper(joined, NO_JOINS)).toThrow('does not define the join "p"');
    expect(() => createReceiptMapper(mappingOf({ times: { format: 'HH:mm' } }), NO_JOINS)).toThrow(
      'time format',
    );
  });

  it('is valid for each of the two public datasets', () => {
    for (const name of ['uci', 'maven']) {
      const json = JSON.parse(readFileSync(new URL(`../../data-maps/${name}.json`, import.meta.url), 'utf8'));
      expect(parseMapping(json, name).receipt.till).toEqual({ constant: '1' });
    }
  });
});

describe('a receipt mapper', () => {
  it('keeps the exact digits of amounts and leaves out empty cells', () => {
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

  it('takes the closing time from the last row or the first, and the scan times from each row', () => {
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

  it('gives return rows a negative quantity, whatever sign the till writes', () => {
    const mapping = mappingOf({ isReturn: { of: 'kind', equals: 'R' } });
    const linesOf = (pcs: string, price: string) =>
      receiptOf(mapping, changed({ pcs, price, kind: 'R' }))['lines'] as object[];
    const back = [{ product: 'A', name: 'Apple', quantity: -2, unitPrice: '1.5' }];
    expect([linesOf('2', '1.5'), linesOf('-2', '1.5'), linesOf('2', '-1.5')]).toEqual([back, back, back]);
    expect(receiptOf(mapping, ROW)['lines']).toMatchObject([{ quantity: 2 }]);
  });

  it('reads prices from a joined table, and reports a key that is not in it', () => {
    const products: JoinedTable = {
      header: ['id', 'price'],
      rows: new Map([['A', ['A', '$15.99 ']]]),
      by: (cells) => cells[3] ?? '',
    };
    const mapping = mappingOf({
      line: { product: 'sku', quantity: 'pcs', unitPrice: { join: 'products', column: 'price' } },
    });
    const mapper = createReceiptMapper(mapping, { header: HEADER, joins: new Map([['products', products]]) });
    expect(mapper.receiptOf(rowsOf(ROW)).body).toMatchObject({ lines: [{ unitPrice: '15.99' }] });
    expect(() => mapper.receiptOf(rowsOf(changed({ sku: 'Z' })))).toThrow(
      'line 2: "Z" is not in the table products',
    );
  });

  it('reads payments, discounts and member numbers where the mapping defines them', () => {
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
    expect(() => receiptOf(mapping, changed({ shop: 's2' }))).toThrow(
      '"s2" is not among the values of the mapping',
    );
  });

  it('truncates long names, replaces unprintable characters, and counts the corrected names', () => {
    const mapper = createReceiptMapper(mappingOf(), NO_JOINS);
    const made = mapper.receiptOf(
      rowsOf(changed({ title: 'x'.repeat(250) }), changed({ title: 'a\u0000b' }), ROW),
    );
    const names = (made.body as { lines: { name: string }[] }).lines.map(({ name }) => name);
    expect(names).toEqual(['x'.repeat(200), 'a b', 'Apple']);
    expect(made.namesCorrected).toBe(2);
  });

  it('throws where a row is invalid', () => {
    expect(() => receiptOf(mappingOf(), ROW, changed({ pcs: 'two' }))).toThrow(
      'line 3: "two" is not a number',
    );
    expect(() => receiptOf(mappingOf(), changed({ shop: '' }))).toThrow('is not a valid store id');
  });
});

describe('the skip rules of a mapping', () => {
  const rule = (when: object) => {
    const mapper = createReceiptMapper(mappingOf({ skip: [{ reason: 'no', when }] }), NO_JOINS);
    return (changes: Partial<Record<string, string>>) => mapper.skipReason(changed(changes)) === 'no';
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
