import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { formatCursor, HeatmapQuery, VISITS_DEFAULT, VisitsQuery } from '#contracts/http/visits.ts';

const faultsOf = (schema: v.GenericSchema, query: object): string[] => {
  const parsed = v.safeParse(schema, query);
  return parsed.success ? [] : fieldErrorsOf(parsed.issues).map(({ pointer }) => pointer);
};

describe('a query for visits', () => {
  const QUERY = { store: 'sz01', day: '2026-11-22' };

  it('has the first page of all visits by default', () => {
    expect(v.parse(VisitsQuery, QUERY)).toEqual({ ...QUERY, open: false, limit: VISITS_DEFAULT });
    expect(v.parse(VisitsQuery, { ...QUERY, open: 'true', limit: '7' })).toMatchObject({
      open: true,
      limit: 7,
    });
  });

  it('continues after the previous page', () => {
    const place = { firstSeenAtMs: 1_795_317_042_000, name: 'sz01~2026-11-22~1~user.m.a=2Fb_c' };
    expect(v.parse(VisitsQuery, { ...QUERY, cursor: formatCursor(place) }).cursor).toEqual(place);
    for (const cursor of ['', '1', '1_', '1_x', '-1_sz01~2026-11-22~1~v']) {
      expect(faultsOf(VisitsQuery, { ...QUERY, cursor }), cursor).toEqual(['#/cursor']);
    }
  });

  it('reports all errors', () => {
    expect(faultsOf(VisitsQuery, {})).toEqual(['#/store', '#/day']);
    const wrong = { store: 'a b', day: 'now', open: 'yes', limit: '0' };
    expect(faultsOf(VisitsQuery, wrong)).toEqual(['#/store', '#/day', '#/open', '#/limit']);
    for (const limit of ['201', '1.5', '', 'ten']) {
      expect(faultsOf(VisitsQuery, { ...QUERY, limit }), limit).toEqual(['#/limit']);
    }
  });
});

describe('a query for a heatmap', () => {
  const QUERY = { store: 'sz01', from: '2026-11-01', to: '2026-11-22' };

  it('has hours of one period by default', () => {
    expect(v.parse(HeatmapQuery, QUERY)).toEqual({ ...QUERY, slot: 60 });
    for (const slot of ['15', '30', '60']) {
      expect(v.parse(HeatmapQuery, { ...QUERY, slot }).slot).toBe(Number(slot));
    }
  });

  it('accepts 31 days at most and rejects an end before its beginning', () => {
    expect(faultsOf(HeatmapQuery, { ...QUERY, to: '2026-12-01' })).toEqual([]);
    expect(faultsOf(HeatmapQuery, { ...QUERY, to: '2026-12-02' })).toEqual(['#/to']);
    expect(faultsOf(HeatmapQuery, { ...QUERY, to: '2026-10-31' })).toEqual(['#/to']);
  });

  it('reports all errors', () => {
    const wrong = { store: '', from: '1', to: '2', slot: '20', compareFrom: 'then' };
    expect(faultsOf(HeatmapQuery, wrong)).toEqual(['#/store', '#/from', '#/to', '#/slot', '#/compareFrom']);
  });
});
