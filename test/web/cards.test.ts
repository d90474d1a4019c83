import { describe, expect, it } from 'vitest';
import { cards, figureView } from '#web/view/cards.ts';
import { productViews } from '#web/view/products.ts';
import { WORDS } from '#web/view/words.ts';
import { figuresAnswer, rankingAnswer, unknownFigure } from './fixtures.ts';

describe('the three cards', () => {
  it('show net sales, transactions and units per transaction first, in this order', () => {
    const shown = cards(figuresAnswer(), 'en', WORDS.en);
    expect(shown.map(({ main, second }) => [main.id, main.text, second.id, second.text])).toEqual([
      ['netSales', '¥12,444.60', 'attainment', '83.0%'],
      ['transactions', '128', 'averageTicket', '¥99.30'],
      ['unitsPerTransaction', '2.35', 'returnRate', '2.1%'],
    ]);
  });

  it('name each figure in both languages, the reader’s first', () => {
    const [english] = cards(figuresAnswer(), 'en', WORDS.en);
    const [chinese] = cards(figuresAnswer(), 'zh', WORDS.zh);
    expect([english?.main.name, english?.main.otherName]).toEqual(['Net sales', '净销售额']);
    expect([chinese?.second.name, chinese?.second.otherName]).toEqual(['目标达成率', 'Target attainment']);
  });

  it('say what each figure was made of', () => {
    const [sales, buyers, pieces] = cards(figuresAnswer(), 'en', WORDS.en);
    expect(sales).toMatchObject({
      mainNote: '¥410.00 discounts',
      secondNote: 'of ¥15,000.00',
      progress: 0.82964,
    });
    expect(buyers).toMatchObject({ mainNote: '301 units sold', secondNote: '¥12,710.40 sold' });
    expect(pieces).toMatchObject({
      mainNote: '301 units in 128 transactions',
      secondNote: '¥265.80 brought back',
    });
  });

  it('show dashes and no reason before the first answer', () => {
    for (const { main, second } of cards(undefined, 'en', WORDS.en)) {
      expect([main.text, main.reason, second.text, second.reason]).toEqual(['–', undefined, '–', undefined]);
    }
  });
});

describe('a figure that cannot be given', () => {
  it('is a dash with the reason, and never a zero', () => {
    const answer = figuresAnswer({
      figures: {
        attainment: unknownFigure('0.00', null),
        averageTicket: unknownFigure('0.00', '0'),
        unitsPerTransaction: unknownFigure('0', '0'),
        returnRate: unknownFigure('0.00', '0.00'),
      },
    });
    const reasons = (['attainment', 'averageTicket', 'unitsPerTransaction', 'returnRate'] as const).map(
      (id) => {
        const { text, reason } = figureView(id, answer, 'en', WORDS.en);
        return [text, reason];
      },
    );
    expect(reasons).toEqual([
      ['–', 'no target set for today'],
      ['–', 'no transaction yet today'],
      ['–', 'no transaction yet today'],
      ['–', 'nothing sold yet today'],
    ]);
    expect(cards(answer, 'en', WORDS.en)[0]).not.toHaveProperty('progress');
  });

  it('is a dash too where the service does not know the figure', () => {
    const answer = figuresAnswer();
    const { transactions: _, ...others } = answer.total.figures;
    const without = { ...answer, total: { ...answer.total, figures: others } };
    expect(figureView('transactions', without, 'zh', WORDS.zh)).toMatchObject({ text: '–', reason: '未知' });
  });
});

describe('a day of returns', () => {
  it('shows net sales below zero', () => {
    const minus = { value: '-120.50', numerator: '-120.50', denominator: null, formulaVersion: 1 };
    const answer = figuresAnswer({ figures: { netSales: minus } });
    expect(figureView('netSales', answer, 'en', WORDS.en).text).toBe('\u2212¥120.50');
  });
});

describe('the best sellers', () => {
  it('are named, or numbered where no name is known, with bars to scale', () => {
    const views = productViews(rankingAnswer(), WORDS.en);
    expect(views[0]).toEqual({
      id: 'SKU-1001',
      rank: '1',
      name: '羊毛围巾 Wool scarf',
      code: 'SKU-1001',
      sales: '¥4,059.00',
      units: '41 units',
      share: 1,
    });
    expect(views[2]).toMatchObject({ name: '6901234567892' });
    expect(views[2]).not.toHaveProperty('code');
    for (const { share } of views) expect(share).toBeGreaterThan(0);
    expect(productViews(undefined, WORDS.en)).toEqual([]);
  });
});
