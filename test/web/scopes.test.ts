import { describe, expect, it } from 'vitest';
import { dayOf, firstChoice, scopeChoices, storesOf } from '#web/view/scopes.ts';
import { WORDS } from '#web/view/words.ts';
import { DAY, store, storesAnswer } from './fixtures.ts';

const values = (grants: readonly string[], stores = storesAnswer().stores) =>
  scopeChoices(storesAnswer(grants, stores), 'en', WORDS.en).map(({ value }) => value);

describe('the choice of places', () => {
  it('goes from the chain down to the stores for whoever holds the chain', () => {
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

  it('offers a city manager the city and its stores, and not the region', () => {
    const stores = [store('sz01'), store('sz02')];
    expect(values(['city:shenzhen'], stores)).toEqual(['city:shenzhen', 'store:sz01', 'store:sz02']);
  });

  it('offers a regional manager the region with its cities', () => {
    const stores = [store('sz01'), store('gz01', { city: 'guangzhou' })];
    expect(values(['region:south'], stores)).toEqual([
      'region:south',
      'city:guangzhou',
      'city:shenzhen',
      'store:gz01',
      'store:sz01',
    ]);
  });

  it('offers a store manager one store, and no city of which it is the only one they see', () => {
    expect(values(['store:sz01'], [store('sz01')])).toEqual(['store:sz01']);
  });

  it('names stores in Chinese where they have a Chinese name', () => {
    const labels = scopeChoices(storesAnswer(), 'zh', WORDS.zh).map(({ label }) => label);
    expect(labels).toContain('深圳购物公园店');
    expect(labels[0]).toBe('全部门店');
    const unnamed = scopeChoices(storesAnswer(['chain'], [store('sz09')]), 'zh', WORDS.zh);
    expect(unnamed.at(-1)?.label).toBe('Store sz09');
  });

  it('begins where one was last, if one may still be there', () => {
    const choices = scopeChoices(storesAnswer(), 'en', WORDS.en);
    expect(firstChoice(choices, 'store:gz01')).toBe('store:gz01');
    expect(firstChoice(choices, 'store:closed')).toBe('chain');
    expect(firstChoice(choices, null)).toBe('chain');
    expect(firstChoice([], 'chain')).toBeUndefined();
  });
});

describe('the stores of a place', () => {
  it.each([
    ['chain', 4],
    ['region:south', 3],
    ['city:shenzhen', 2],
    ['store:bj01', 1],
    ['city:atlantis', 0],
    ['nonsense', 0],
  ])('%s: %i', (scope, count) => {
    expect(storesOf(storesAnswer(), scope)).toHaveLength(count);
  });
});

describe('today of a place', () => {
  it('is the day most of its stores are on; the others are named', () => {
    const london = store('ldn1', { timeZone: 'Europe/London', today: '2026-11-21' });
    expect(dayOf([store('a'), london, store('b')])).toEqual({
      day: DAY,
      timeZone: 'Asia/Shanghai',
      elsewhere: [london],
    });
  });

  it('is the later day where it is a draw', () => {
    const [early, late] = [store('a', { today: '2026-11-21' }), store('b')];
    expect(dayOf([early, late])?.day).toBe(DAY);
    expect(dayOf([late, early])?.day).toBe(DAY);
  });

  it('is unknown where there is no store', () => {
    expect(dayOf([])).toBeUndefined();
  });
});
