import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FiguresQuery, RankingQuery } from '#contracts/http/figures.ts';
import { fieldErrorsOf } from '#contracts/http/problems.ts';

const QUERY = { scope: 'city:shenzhen', from: '2026-11-01', to: '2026-11-22' };

const faultsOf = (schema: v.GenericSchema, query: object): string[] => {
  const parsed = v.safeParse(schema, query);
  return parsed.success ? [] : fieldErrorsOf(parsed.issues).map(({ pointer }) => pointer);
};

describe('a query for figures', () => {
  it('has the grain of days by default', () => {
    expect(v.parse(FiguresQuery, QUERY)).toEqual({
      ...QUERY,
      scope: { kind: 'city', id: 'shenzhen' },
      grain: 'day',
    });
  });

  it.each([
    ['minute', '2026-11-02', '2026-11-03'],
    ['hour', '2027-02-08', '2027-02-09'],
    ['day', '2029-01-08', '2029-01-09'],
  ])('reaches so many days of %ss and not one more', (grain, last, beyond) => {
    expect(faultsOf(FiguresQuery, { ...QUERY, grain, to: last })).toEqual([]);
    expect(faultsOf(FiguresQuery, { ...QUERY, grain, to: beyond })).toEqual(['#/to']);
  });

  it('accepts one day and rejects an end before its beginning', () => {
    expect(faultsOf(FiguresQuery, { ...QUERY, to: QUERY.from })).toEqual([]);
    expect(faultsOf(FiguresQuery, { ...QUERY, to: '2026-10-31' })).toEqual(['#/to']);
  });

  it('reports all errors, without errors that follow from others', () => {
    expect(faultsOf(FiguresQuery, {})).toEqual(['#/scope', '#/from', '#/to']);
    expect(faultsOf(FiguresQuery, { scope: 'stores', from: 'now', to: '2026-02-30', grain: 'week' })).toEqual(
      ['#/scope', '#/from', '#/to', '#/grain'],
    );
  });
});

describe('a query for a ranking', () => {
  it('has thirty products by revenue by default', () => {
    expect(v.parse(RankingQuery, QUERY)).toMatchObject({ by: 'revenue', limit: 30 });
  });

  it('accepts 1 to 500 products', () => {
    for (const limit of ['1', '500']) expect(faultsOf(RankingQuery, { ...QUERY, limit })).toEqual([]);
    for (const limit of ['0', '501', '-1', '1.5', '', 'ten', '99999', ' 1']) {
      expect(faultsOf(RankingQuery, { ...QUERY, limit }), limit).toEqual(['#/limit']);
    }
  });

  it('accepts 800 days at most', () => {
    expect(faultsOf(RankingQuery, { ...QUERY, to: '2029-01-08' })).toEqual([]);
    expect(faultsOf(RankingQuery, { ...QUERY, to: '2029-01-09' })).toEqual(['#/to']);
    expect(faultsOf(RankingQuery, { ...QUERY, to: '2026-10-01', by: 'profit' })).toEqual(['#/by']);
  });
});
