import { describe, expect, it } from 'vitest';
import { bestHour, curvePoints, curveRows } from '#web/view/curve.ts';
import { DAY, figuresAnswer } from '../support/fixtures.ts';

const points = (hours: readonly string[], timeZone = 'Asia/Shanghai') =>
  curvePoints(figuresAnswer({ hours }), timeZone);

describe("the day's curve", () => {
  it('uses the local time of the stores and adds up exactly', () => {
    expect(points(['0.10', '0.20']).map(({ hour, amount, running }) => [hour, amount, running])).toEqual([
      ['09:00', '0.10', '0.10'],
      ['10:00', '0.20', '0.30'],
    ]);
    expect(points(['1.00'], 'Europe/London')[0]?.hour).toBe('01:00');
  });

  it('shows an hour without receipts between two with receipts as zero', () => {
    const answer = figuresAnswer({ hours: ['5.00', '7.00', '9.00'] });
    const gap = { ...answer, series: answer.series.toSpliced(1, 1) };
    expect(curvePoints(gap, 'Asia/Shanghai').map(({ amount }) => amount)).toEqual(['5.00', '0', '9.00']);
  });

  it('is sorted by time, whatever the order of the response', () => {
    const answer = figuresAnswer();
    const reversed = { ...answer, series: answer.series.toReversed() };
    expect(curvePoints(reversed, 'Asia/Shanghai')).toEqual(curvePoints(answer, 'Asia/Shanghai'));
  });

  it('keeps the hours of half-hour time zones separate', () => {
    const answer = figuresAnswer({ hours: ['5.00', '7.00'] });
    const [, second] = answer.series;
    if (second === undefined) throw new Error('the fixture has two hours');
    const mixed = { ...answer, series: [...answer.series, { ...second, start: `${DAY}T09:30:00+08:00` }] };
    expect(curvePoints(mixed, 'Asia/Shanghai').map(({ hour }) => hour)).toEqual(['09:00', '09:30', '10:00']);
  });

  it('is empty before the first receipt and before the first response', () => {
    expect(points([])).toEqual([]);
    expect(curvePoints(undefined, 'UTC')).toEqual([]);
    expect(bestHour([])).toBeUndefined();
  });

  it('provides its best hour and its rows for the text alternative', () => {
    const day = points(['820.00', '1460.50', '700.00']);
    expect(bestHour(day)?.hour).toBe('10:00');
    expect(curveRows(day, 'CNY')[1]).toEqual({ hour: '10:00', amount: '¥1,460.50', running: '¥2,280.50' });
  });
});
