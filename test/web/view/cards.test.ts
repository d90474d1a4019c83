import { describe, expect, it } from 'vitest';
import { cardViews, figureView } from '#web/view/cards.ts';
import { productViews } from '#web/view/products.ts';
import { WORDS } from '#web/view/words.ts';
import { figuresAnswer, rankingAnswer, unknownFigure } from '../support/fixtures.ts';

describe('cardViews', () => {
  it('shows net sales, transactions and units per transaction first, in this order', () => {
    const shown = cardViews(figuresAnswer(), 'en', WORDS.en);
    expect(shown.map(({ main, second }) => [main.id, main.text, second.id, second.text])).toEqual([
      ['netSales', '¥12,444.60', 'attainment', '83.0%'],
      ['transactions', '128', 'averageTicket', '¥99.30'],
      ['unitsPerTransaction', '2.35', 'returnRate', '2.1%'],
    ]);
  });

  it('names each figure in both languages, the chosen one first', () => {
    const [english] = cardViews(figuresAnswer(), 'en', WORDS.en);
    const [chinese] = cardViews(figuresAnswer(), 'zh', WORDS.zh);
    expect([english?.main.name, english?.main.otherName]).toEqual(['Net sales', '净销售额']);
    expect([chinese?.second.name, chinese?.second.otherName]).toEqual(['目标达成率', 'Target attainment']);
  });

  it('shows the operands of each figure', () => {
    const [sales, buyers, pieces] = cardViews(figuresAnswer(), 'en', WORDS.en);
    expect(sales).toMatchObject({
      mainNote: '¥410.00 in discounts',
      secondNote: 'of ¥15,000.00',
      progress: 0.82964,
    });
    expect(buyers).toMatchObject({ mainNote: '301 units sold', secondNote: '¥12,710.40 in sales' });
    expect(pieces).toMatchObject({
      mainNote: '301 units in 128 transactions',
      secondNote: '¥265.80 in returns',
    });
  });

  it('shows dashes without a reason before the first response', () => {
    for (const { main, second } of cardViews(undefined, 'en', WORDS.en)) {
      expect([main.text, main.reason, second.text, second.reason]).toEqual(['–', undefined, '–', undefined]);
    }
  });
});

describe('an unknown figure', () => {
  it('is shown as a dash with the reason, never as a zero', () => {
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
      ['–', 'no transactions yet today'],
      ['–', 'no transactions yet today'],
      ['–', 'no sales yet today'],
    ]);
    expect(cardViews(answer, 'en', WORDS.en)[0]).not.toHaveProperty('progress');
  });

  it('is shown as a dash where the response lacks the figure', () => {
    const answer = figuresAnswer();
    const { transactions: _, ...others } = answer.total.figures;
    const without = { ...answer, total: { ...answer.total, figures: others } };
    expect(figureView('transactions', without, 'zh', WORDS.zh)).toMatchObject({
      text: '–',
      reason: '暂无数据',
    });
  });
});

describe('figureView', () => {
  it('shows negative net sales on a day of returns', () => {
    const minus = { value: '-120.50', numerator: '-120.50', denominator: null, formulaVersion: 1 };
    const answer = figuresAnswer({ figures: { netSales: minus } });
    expect(figureView('netSales', answer, 'en', WORDS.en).text).toBe('\u2212¥120.50');
  });
});

describe('productViews', () => {
  it('shows the name, or the id where there is no name, with bars in proportion to sales', () => {
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
