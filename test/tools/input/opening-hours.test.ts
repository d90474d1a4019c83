import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Weekday } from '#domain/chain/wall-clock.ts';
import { UserError } from '#tools/command.ts';
import { formatHours, readHours } from '#tools/input/opening-hours.ts';

const two = (number: number) => String(number).padStart(2, '0');
const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** One period per day, each within its day, so that no two overlap. */
const someHours = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }).chain((days) =>
  fc.tuple(
    ...days.map((day) =>
      fc.tuple(fc.nat(1_438), fc.nat(1_438)).map(([one, other]) => ({
        days: [day as Weekday],
        open: clock(Math.min(one, other)),
        close: clock(Math.max(one, other) + 1),
      })),
    ),
  ),
);

describe('opening hours', () => {
  it('are parsed from ranges and lists of days, with or without spaces and leading zeros', () => {
    expect(readHours('1-5 10:00-22:00; 6,7 9:00-02:00')).toEqual([
      { days: [1, 2, 3, 4, 5], open: '10:00', close: '22:00' },
      { days: [6, 7], open: '09:00', close: '02:00' },
    ]);
    expect(readHours(' 1-3, 5 , 7   08:30 - 12:00;1 13:00-24:00; ')).toEqual([
      { days: [1, 2, 3, 5, 7], open: '08:30', close: '12:00' },
      { days: [1], open: '13:00', close: '00:00' },
    ]);
  });

  it('are parsed back from their own text', () => {
    fc.assert(
      fc.property(someHours, (hours) => {
        expect(readHours(formatHours(hours))).toEqual(hours);
      }),
    );
    for (const text of ['1-5 10:00-22:00; 6,7 09:00-02:00', '1,2,4-6 00:00-00:00', '7 23:00-01:00']) {
      expect(formatHours(readHours(text))).toBe(text);
    }
  });

  it('may cover the whole day and wrap around the week, each period ending where the next begins', () => {
    expect(readHours('1-7 00:00-24:00')).toHaveLength(1);
    expect(readHours('7 18:00-06:00; 1 06:00-18:00')).toHaveLength(2);
  });

  it.each([
    ['', 'contains no opening hours'],
    [' ; ', 'contains no opening hours'],
    ['10:00-22:00', 'is not a valid opening period'],
    ['Mon 10:00-22:00', 'is not a valid opening period'],
    ['1-5 10:00', 'is not a valid opening period'],
    ['1-5 10-22', 'is not a valid opening period'],
    ['0 10:00-22:00', '"0" is neither a day'],
    ['1-8 10:00-22:00', '"1-8" is neither a day'],
    ['6-1 10:00-22:00', '"6-1" is neither a day'],
    ['1,,2 10:00-22:00', '"" is neither a day'],
    ['1 24:00-02:00', '"24:00" is not a time of day'],
    ['1 10:60-22:00', '"10:60" is not a time of day'],
    ['1 10:00-25:00', '"25:00" is not a time of day'],
    ['1-5 10:00-22:00; 5 12:00-13:00', 'overlap on day 5'],
    ['1,1 10:00-22:00', 'overlap on day 1'],
    ['7 18:00-06:01; 1 06:00-18:00', 'overlap on day 7'],
  ])('are rejected where the text is %j', (text, message) => {
    expect(() => readHours(text)).toThrow(UserError);
    expect(() => readHours(text)).toThrow(message);
  });
});
