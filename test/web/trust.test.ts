import { describe, expect, it } from 'vitest';
import { KPIS } from '#domain/place/kpis.ts';
import { FRESH_MS_MAX, type TrustFacts, trust } from '#web/view/trust.ts';
import { formatAge, languageOf, WORDS } from '#web/view/words.ts';
import { DAY, figuresAnswer, store } from './fixtures.ts';

const NOW_MS = Date.parse(`${DAY}T07:05:00Z`);
const asOf = (ageMs: number): string => new Date(NOW_MS - ageMs).toISOString();

const facts = (changes: Partial<TrustFacts> = {}): TrustFacts => ({
  answer: figuresAnswer({ asOf: asOf(14_000) }),
  connection: { kind: 'live' },
  heardAtMs: NOW_MS - 1_000,
  nowMs: NOW_MS,
  day: { day: DAY, timeZone: 'Asia/Shanghai', elsewhere: [] },
  ...changes,
});

const shown = (changes: Partial<TrustFacts> = {}) => trust(facts(changes), 'en', WORDS.en);

describe('the age of the figures', () => {
  it('is that of the newest receipt, by the second', () => {
    expect(shown().age).toEqual({ tone: 'good', text: 'newest receipt 14 s ago' });
    expect(shown({ nowMs: NOW_MS + 3_000 }).age.text).toBe('newest receipt 17 s ago');
  });

  it('turns amber after a minute and says what that may mean', () => {
    const atLimit = shown({ answer: figuresAnswer({ asOf: asOf(FRESH_MS_MAX) }) });
    const beyond = shown({ answer: figuresAnswer({ asOf: asOf(FRESH_MS_MAX + 1) }) });
    expect(atLimit.age.tone).toBe('good');
    expect(beyond.age).toMatchObject({ tone: 'warn', detail: WORDS.en.oldReceipt });
  });

  it('is never in the future, however wrong the phone’s clock is', () => {
    expect(shown({ answer: figuresAnswer({ asOf: asOf(-90_000) }) }).age.text).toBe('newest receipt 0 s ago');
  });

  it('is not made up where there is no receipt', () => {
    expect(shown({ answer: figuresAnswer({ asOf: null }) }).age).toEqual({
      tone: 'calm',
      text: 'no receipt yet today',
    });
  });

  it('is told in a unit that can be taken in', () => {
    const ages = [0, 119_000, 120_000, 3_600_000 * 2, 3_600_000 * 48];
    expect(ages.map((ageMs) => formatAge(ageMs, WORDS.en))).toEqual(['0 s', '119 s', '2 min', '2 h', '2 d']);
    expect(formatAge(200_000, WORDS.zh)).toBe('3 分钟');
  });
});

describe('a silent till', () => {
  it('is counted, named, and called unknown', () => {
    const { tills, unknown } = shown();
    expect(tills).toEqual({ tone: 'warn', text: 'tills 2/3', silent: 'silent: T3' });
    expect(unknown).toEqual([WORDS.en.unknownTills('T3')]);
  });

  it('is one of many above the store, where only their number is known', () => {
    const { tills, unknown } = shown({
      answer: figuresAnswer({ completeness: { expected: 40, reported: 38 } }),
    });
    expect(tills).toEqual({ tone: 'warn', text: 'tills 38/40', silent: '2 silent' });
    expect(unknown).toEqual([WORDS.en.unknownTillCount(2)]);
  });

  it('is named in full in the details where there are too many for the strip', () => {
    const completeness = { expected: 6, reported: 1, silent: ['T2', 'T3', 'T4', 'T5', 'T6'] };
    const { tills, unknown } = shown({ answer: figuresAnswer({ completeness }) });
    expect(tills.silent).toBe('silent: T2, T3, T4 +2');
    expect(unknown[0]).toContain('T2, T3, T4, T5, T6');
  });

  it('worries nobody where there is none', () => {
    const { tills, unknown } = shown({
      answer: figuresAnswer({ completeness: { expected: 3, reported: 3, silent: [] } }),
    });
    expect(tills).toEqual({ tone: 'good', text: 'tills 3/3' });
    expect(unknown).toEqual([WORDS.en.unknownNothing]);
  });

  it('cannot be told where no till is registered', () => {
    const { tills } = shown({ answer: figuresAnswer({ completeness: { expected: 0, reported: 0 } }) });
    expect(tills.text).toBe('no tills registered');
  });
});

describe('the connection', () => {
  it('is said in words, with how old the figures on the screen are', () => {
    const heardAtMs = NOW_MS - 25_000;
    expect(shown().connection).toEqual({ tone: 'good', text: 'Live' });
    expect(shown({ connection: { kind: 'offline' }, heardAtMs }).connection).toEqual({
      tone: 'bad',
      text: 'Offline',
      detail: 'figures from 25 s ago',
    });
    expect(shown({ connection: { kind: 'refused', detail: 'not yours' } }).connection.detail).toBe(
      'not yours',
    );
    expect(shown({ connection: { kind: 'signed out' }, heardAtMs }).connection.text).toBe('Signed out');
    const early = shown({ connection: { kind: 'retrying', detail: 'HTTP 502' }, heardAtMs: undefined });
    expect(early.connection).toMatchObject({ tone: 'bad', detail: 'HTTP 502' });
  });
});

describe('the details', () => {
  it('name the stores that are on another day, in the reader’s language', () => {
    const elsewhere = [store('ldn1', { name: 'London', nameZh: '伦敦店', today: '2026-11-21' })];
    const view = trust(facts({ day: { day: DAY, timeZone: 'UTC', elsewhere } }), 'zh', WORDS.zh);
    expect(view.unknown.at(-1)).toBe(WORDS.zh.otherDay('伦敦店'));
  });

  it('hold the formula and version of every figure', () => {
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
  it('is the first of the browser’s that is spoken here', () => {
    expect(languageOf(['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(languageOf(['EN-gb'])).toBe('en');
    expect(languageOf(['fr'])).toBe('en');
    expect(languageOf([])).toBe('en');
  });

  it('has a word for everything in both', () => {
    expect(Object.keys(WORDS.zh)).toEqual(Object.keys(WORDS.en));
  });
});
