import { describe, expect, it } from 'vitest';
import { dayOf, firstChoice, scopeChoices, storesOf } from '#web/view/scopes.ts';
import { WORDS } from '#web/view/words.ts';
import { DAY, store, storesAnswer } from '../support/fixtures.ts';

const values = (grants: readonly string[], stores = storesAnswer().stores) =>
  scopeChoices(storesAnswer(grants, stores), 'en', WORDS.en).map(({ value }) => value);

describe('scopeChoices', () => {
  it('lists the chain, regions, cities and stores for a user with the whole chain', () => {
    expect(values(['chain'])).toEqual([
      'chain',
      'region:north',
      'region:south',
      'city:beijing',
      'city:guangzhou',
      'city:shenzhen',
      'store:bj01',
      'store:gz01',
      'store:sz01',
      'store:sz02',
    ]);
  });

  it('lists the city and its stores, but not the region, for a city manager', () => {
    const stores = [store('sz01'), store('sz02')];
    expect(values(['city:shenzhen'], stores)).toEqual(['city:shenzhen', 'store:sz01', 'store:sz02']);
  });

  it('lists the region with its cities and stores for a regional manager', () => {
    const stores = [store('sz01'), store('gz01', { city: 'guangzhou' })];
    expect(values(['region:south'], stores)).toEqual([
      'region:south',
      'city:guangzhou',
      'city:shenzhen',
      'store:gz01',
      'store:sz01',
    ]);
  });

  it('lists only the store for a store manager', () => {
    expect(values(['store:sz01'], [store('sz01')])).toEqual(['store:sz01']);
  });

  it('names stores in Chinese where they have a Chinese name', () => {
    const labels = scopeChoices(storesAnswer(), 'zh', WORDS.zh).map(({ label }) => label);
    expect(labels).toContain('深圳购物公园店');
    expect(labels[0]).toBe('全部门店');
    const unnamed = scopeChoices(storesAnswer(['chain'], [store('sz09')]), 'zh', WORDS.zh);
    expect(unnamed.at(-1)?.label).toBe('Store sz09');
  });

  it('selects the last scope if it is still granted, and the widest otherwise', () => {
    const choices = scopeChoices(storesAnswer(), 'en', WORDS.en);
    expect(firstChoice(choices, 'store:gz01')).toBe('store:gz01');
    expect(firstChoice(choices, 'store:closed')).toBe('chain');
    expect(firstChoice(choices, null)).toBe('chain');
    expect(firstChoice([], 'chain')).toBeUndefined();
  });
});

describe('storesOf', () => {
  it.each([
    ['chain', 4],
    ['region:south', 3],
    ['city:shenzhen', 2],
    ['store:bj01', 1],
    ['city:atlantis', 0],
    ['nonsense', 0],
  ])('returns for %s %i stores', (scope, count) => {
    expect(storesOf(storesAnswer(), scope)).toHaveLength(count);
  });
});

describe('dayOf', () => {
  it('returns the business day of most stores, and the stores on another day', () => {
    const london = store('ldn1', { timeZone: 'Europe/London', today: '2026-11-21' });
    expect(dayOf([store('a'), london, store('b')])).toEqual({
      day: DAY,
      timeZone: 'Asia/Shanghai',
      onOtherDay: [london],
    });
  });

  it('returns the later day on a tie', () => {
    const [early, late] = [store('a', { today: '2026-11-21' }), store('b')];
    expect(dayOf([early, late])?.day).toBe(DAY);
    expect(dayOf([late, early])?.day).toBe(DAY);
  });

  it('returns undefined without stores', () => {
    expect(dayOf([])).toBeUndefined();
  });
});
