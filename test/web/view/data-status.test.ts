import { describe, expect, it } from 'vitest';
import { KPIS } from '#domain/place/figures/kpis.ts';
import { type DataStatusInput, dataStatus, FRESH_MS_MAX } from '#web/view/data-status.ts';
import { formatAge, languageOf, WORDS } from '#web/view/words.ts';
import { DAY, figuresAnswer, store } from '../support/fixtures.ts';

const NOW_MS = Date.parse(`${DAY}T07:05:00Z`);
const asOf = (ageMs: number): string => new Date(NOW_MS - ageMs).toISOString();

const inputWith = (changes: Partial<DataStatusInput> = {}): DataStatusInput => ({
  response: figuresAnswer({ asOf: asOf(14_000) }),
  connection: { kind: 'live' },
  updatedAtMs: NOW_MS - 1_000,
  nowMs: NOW_MS,
  day: { day: DAY, timeZone: 'Asia/Shanghai', onOtherDay: [] },
  ...changes,
});

const shown = (changes: Partial<DataStatusInput> = {}) => dataStatus(inputWith(changes), 'en', WORDS.en);

describe('the age of the figures', () => {
  it('is that of the latest receipt, in seconds', () => {
    expect(shown().age).toEqual({ tone: 'good', text: 'latest receipt 14 s ago' });
    expect(shown({ nowMs: NOW_MS + 3_000 }).age.text).toBe('latest receipt 17 s ago');
  });

  it('has a warning with an explanation after a minute', () => {
    const atLimit = shown({ response: figuresAnswer({ asOf: asOf(FRESH_MS_MAX) }) });
    const beyond = shown({ response: figuresAnswer({ asOf: asOf(FRESH_MS_MAX + 1) }) });
    expect(atLimit.age.tone).toBe('good');
    expect(beyond.age).toMatchObject({ tone: 'warn', detail: WORDS.en.noRecentReceipt });
  });

  it('is never negative, even if the clock of the phone is wrong', () => {
    expect(shown({ response: figuresAnswer({ asOf: asOf(-90_000) }) }).age.text).toBe(
      'latest receipt 0 s ago',
    );
  });

  it('is not shown where there is no receipt', () => {
    expect(shown({ response: figuresAnswer({ asOf: null }) }).age).toEqual({
      tone: 'calm',
      text: 'no receipts yet today',
    });
  });

  it('is shown in the largest unit below two of the next', () => {
    const ages = [0, 119_000, 120_000, 3_600_000 * 2, 3_600_000 * 48];
    expect(ages.map((ageMs) => formatAge(ageMs, WORDS.en))).toEqual(['0 s', '119 s', '2 min', '2 h', '2 d']);
    expect(formatAge(200_000, WORDS.zh)).toBe('3 分钟');
  });
});

describe('a silent till', () => {
  it('is counted, named, and listed as missing data', () => {
    const { tills, missing } = shown();
    expect(tills).toEqual({ tone: 'warn', text: 'tills 2/3', silent: 'no data: T3' });
    expect(missing).toEqual([WORDS.en.silentTillSales('T3')]);
  });

  it('is counted without a name above the store', () => {
    const { tills, missing } = shown({
      response: figuresAnswer({ completeness: { expected: 40, reported: 38 } }),
    });
    expect(tills).toEqual({ tone: 'warn', text: 'tills 38/40', silent: '2 without data' });
    expect(missing).toEqual([WORDS.en.silentTillCountSales(2)]);
  });

  it('is named in the details where the status bar has no room for all names', () => {
    const completeness = { expected: 6, reported: 1, silent: ['T2', 'T3', 'T4', 'T5', 'T6'] };
    const { tills, missing } = shown({ response: figuresAnswer({ completeness }) });
    expect(tills.silent).toBe('no data: T2, T3, T4 +2');
    expect(missing[0]).toContain('T2, T3, T4, T5, T6');
  });

  it('is not mentioned where all tills have reported', () => {
    const { tills, missing } = shown({
      response: figuresAnswer({ completeness: { expected: 3, reported: 3, silent: [] } }),
    });
    expect(tills).toEqual({ tone: 'good', text: 'tills 3/3' });
    expect(missing).toEqual([WORDS.en.noMissingData]);
  });

  it('is unknown where no tills are registered', () => {
    const { tills } = shown({ response: figuresAnswer({ completeness: { expected: 0, reported: 0 } }) });
    expect(tills.text).toBe('no tills registered');
  });
});

describe('a sum that is not whole', () => {
  it('is never all tills in green, and says how many stores are missing (F3)', () => {
    const completeness = { expected: 12, reported: 12, stores: { expected: 6, summed: 4 } };
    const { tills, missing } = shown({ response: figuresAnswer({ completeness }) });
    expect(tills.tone).toBe('warn');
    expect(missing).toEqual([
      'Sums of 2 of 6 stores are still to be made: their sales are not in these figures yet.',
    ]);
  });

  it('lists what sensors contradict, in words (F2)', () => {
    const completeness = {
      expected: 3,
      reported: 3,
      disagreement: { doorEntries: 40, visits: 27, transactions: 33 },
      countingSensors: ['ceil-1', 'ceil-2'],
      conflictingCounts: 2,
      unmoving: 1,
      buyers: { covered: 3, hoursNotCovered: 1, aboveOne: 2 },
    };
    expect(shown({ response: figuresAnswer({ completeness }) }).missing).toEqual([
      WORDS.en.disagreement(40, 27, 33),
      WORDS.en.countingTwice('ceil-1, ceil-2'),
      WORDS.en.conflictingCounts(2),
      WORDS.en.unmoving(1),
      WORDS.en.buyersLeftOut(1, 2),
    ]);
  });
});

describe('the connection', () => {
  it('is shown as text, with the time of the last update', () => {
    const updatedAtMs = NOW_MS - 25_000;
    expect(shown().connection).toEqual({ tone: 'good', text: 'Live' });
    expect(shown({ connection: { kind: 'offline' }, updatedAtMs }).connection).toEqual({
      tone: 'bad',
      text: 'Offline',
      detail: 'last update 25 s ago',
    });
    expect(shown({ connection: { kind: 'rejected', detail: 'not yours' } }).connection.detail).toBe(
      'not yours',
    );
    expect(shown({ connection: { kind: 'signed out' }, updatedAtMs }).connection.text).toBe('Signed out');
    const early = shown({ connection: { kind: 'retrying', detail: 'HTTP 502' }, updatedAtMs: undefined });
    expect(early.connection).toMatchObject({ tone: 'bad', detail: 'HTTP 502' });
  });
});

describe('the details', () => {
  it('name the stores on another business day, in the chosen language', () => {
    const onOtherDay = [store('ldn1', { name: 'London', nameZh: '伦敦店', today: '2026-11-21' })];
    const view = dataStatus(inputWith({ day: { day: DAY, timeZone: 'UTC', onOtherDay } }), 'zh', WORDS.zh);
    expect(view.missing.at(-1)).toBe(WORDS.zh.otherDay('伦敦店'));
  });

  it('contain the formula and version of every KPI', () => {
    const { formulas } = shown();
    expect(formulas).toHaveLength(KPIS.length);
    expect(formulas).toContainEqual({
      name: 'Net sales 净销售额',
      formula: 'formula of netSales',
      version: 'version 1',
    });
  });
});

describe('the language', () => {
  it('is the first supported one of the browser', () => {
    expect(languageOf(['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(languageOf(['EN-gb'])).toBe('en');
    expect(languageOf(['fr'])).toBe('en');
    expect(languageOf([])).toBe('en');
  });

  it('has the same texts in Chinese as in English', () => {
    expect(Object.keys(WORDS.zh)).toEqual(Object.keys(WORDS.en));
  });
});
