import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Consent,
  datedConsent,
  hasConsent,
  PURPOSES,
  statedConsent,
} from '#domain/people/customers/consent.ts';

const consent: fc.Arbitrary<Consent> = fc.record({
  purpose: fc.constantFrom(...PURPOSES),
  isGranted: fc.boolean(),
  proof: fc.constant('form 1'),
  source: fc.constant('till'),
  atMs: fc.integer({ min: 0, max: 5 }),
});
const consentAt = (atMs: number, isGranted: boolean): Consent => ({
  purpose: 'push',
  isGranted,
  proof: 'app 3.1',
  source: 'app',
  atMs,
});

describe('a consent', () => {
  it('is missing without a record, before the record, and for another purpose', () => {
    expect(hasConsent([], 'push', 9)).toBe(false);
    expect(hasConsent([consentAt(5, true)], 'push', 4)).toBe(false);
    expect(hasConsent([consentAt(5, true)], 'location', 9)).toBe(false);
  });

  it('is valid from its time until the next record', () => {
    const said = [consentAt(2, true), consentAt(4, false), consentAt(6, true)];
    expect([1, 2, 3, 4, 5, 6].map((atMs) => hasConsent(said, 'push', atMs))).toEqual([
      ...[false, true, true, false, false, true],
    ]);
  });

  it('yields to a withdrawal at the same time, whichever was written first', () => {
    expect(hasConsent([consentAt(2, true), consentAt(2, false)], 'push', 2)).toBe(false);
    expect(hasConsent([consentAt(2, false), consentAt(2, true)], 'push', 2)).toBe(false);
  });

  it('is independent of order and repeats, and of later records', () => {
    const records = fc.array(consent, { maxLength: 8 });
    fc.assert(
      fc.property(records, records, fc.constantFrom(...PURPOSES), (said, later, purpose) => {
        const holds = hasConsent(said, purpose, 5);
        expect(hasConsent([...said, ...said].reverse(), purpose, 5)).toBe(holds);
        const ofLater = later.map((one) => ({ ...one, atMs: one.atMs + 6 }));
        expect(hasConsent([...ofLater, ...said], purpose, 5)).toBe(holds);
      }),
    );
  });
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 10, 29, 12);
const DAY_OF_NOON = { fromMs: NOON - 12 * HOUR, untilMs: NOON + 12 * HOUR - 1_000 };

const push = (isGranted: boolean) => ({ purpose: 'push' as const, isGranted, proof: 'form 7', source: 'x' });
const stated = (isGranted: boolean, clock: string, statedAtMs: number, receivedAtMs = statedAtMs): Consent =>
  statedConsent(push(isGranted), { clock, statedAtMs, receivedAtMs });
const dated = (day: typeof DAY_OF_NOON, receivedAtMs: number): Consent =>
  datedConsent(push(true), day, receivedAtMs);

describe('a refusal', () => {
  it('is not undone by a grant of that day or an earlier one, whenever the list is imported (P1)', () => {
    const refusal = stated(false, 'phone', NOON);
    for (const importedAtMs of [NOON - HOUR, NOON + HOUR, NOON + 3 * DAY])
      expect(hasConsent([refusal, dated(DAY_OF_NOON, importedAtMs)], 'push', NOON + 4 * DAY)).toBe(false);
    const dayBefore = { fromMs: DAY_OF_NOON.fromMs - DAY, untilMs: DAY_OF_NOON.untilMs - DAY };
    expect(hasConsent([refusal, dated(dayBefore, NOON + DAY)], 'push', NOON + 4 * DAY)).toBe(false);
  });

  it('is undone by a grant of the day after (P1)', () => {
    const dayAfter = { fromMs: DAY_OF_NOON.fromMs + DAY, untilMs: DAY_OF_NOON.untilMs + DAY };
    const words = [stated(false, 'phone', NOON), dated(dayAfter, NOON + 2 * DAY)];
    expect(hasConsent(words, 'push', NOON + 2 * DAY)).toBe(true);
  });

  it('counts from its arrival where the phone is slow, and keeps the time of the phone (P2)', () => {
    const grant = stated(true, 'app', NOON - 5 * MINUTE);
    const refusal = stated(false, 'phone', NOON - 10 * MINUTE, NOON);
    expect(hasConsent([grant, refusal], 'push', NOON + 65_000)).toBe(false);
    expect(refusal).toMatchObject({ atMs: NOON - 10 * MINUTE, receivedAtMs: NOON });
    const ahead = stated(false, 'phone', NOON + 10 * MINUTE, NOON);
    expect(ahead).toMatchObject({ atMs: NOON, receivedAtMs: NOON, statedAtMs: NOON + 10 * MINUTE });
  });

  it('is undone on the same phone, however wrong its clock is (P2)', () => {
    for (const skew of [-HOUR, 0, HOUR]) {
      const words = [
        stated(false, 'phone', NOON + skew, NOON),
        stated(true, 'phone', NOON + skew + 1_000, NOON + 1_000),
      ];
      expect(hasConsent(words, 'push', NOON + 2 * HOUR), `skew ${skew}`).toBe(true);
    }
  });
});

describe('a grant of which only the day is known', () => {
  it('is in force from its arrival, or from the end of the day', () => {
    const early = dated(DAY_OF_NOON, NOON);
    expect([NOON - 1, NOON].map((atMs) => hasConsent([early], 'push', atMs))).toEqual([false, true]);
    const late = dated(DAY_OF_NOON, NOON + DAY);
    const { untilMs } = DAY_OF_NOON;
    expect([untilMs - 1, untilMs].map((atMs) => hasConsent([late], 'push', atMs))).toEqual([false, true]);
  });
});

/** A word of a customer: when it was truly spoken, by which phone or on which form, and how long it was under way. */
interface Word {
  readonly isGranted: boolean;
  readonly spokenAtMs: number;
  readonly by: 'phone a' | 'phone b' | 'app' | 'form';
  readonly delayMs: number;
}

const BEGIN = DAY_OF_NOON.fromMs;
const END = BEGIN + 30 * DAY;
const word: fc.Arbitrary<Word> = fc.record({
  isGranted: fc.boolean(),
  spokenAtMs: fc.integer({ min: 0, max: 5 * 24 * 4 }).map((quarters) => BEGIN + quarters * 15 * MINUTE),
  by: fc.constantFrom('phone a', 'phone b', 'app', 'form'),
  delayMs: fc.constantFrom(0, 0, MINUTE, 3 * HOUR, 2 * DAY),
});
/** How far each clock is behind; those that are ahead are bounded by the arrival alone. */
const slowness = fc.record({
  'phone a': fc.constantFrom(0, 10 * MINUTE, 5 * HOUR),
  'phone b': fc.constantFrom(0, 90 * MINUTE),
  app: fc.constant(0),
  form: fc.constant(0),
});
type Slowness = Record<Word['by'], number>;

const isRefusedForm = ({ by, isGranted }: Word): boolean => by === 'form' && !isGranted;

function recorded({ isGranted, spokenAtMs, by, delayMs }: Word, slow: Slowness): Consent {
  const receivedAtMs = spokenAtMs + delayMs;
  if (by !== 'form') return stated(isGranted, by, spokenAtMs - slow[by], receivedAtMs);
  const fromMs = BEGIN + Math.floor((spokenAtMs - BEGIN) / DAY) * DAY;
  return dated({ fromMs, untilMs: fromMs + DAY - 1_000 }, receivedAtMs);
}

/**
 * The oracle: the interval in which a word may have been spoken, as those who read the records know it. A grant holds if no
 * refusal may have been spoken after it.
 */
function oracle(words: readonly Word[], slow: Slowness): boolean {
  const earliest = (one: Word): number =>
    one.by === 'form'
      ? one.spokenAtMs - ((one.spokenAtMs - BEGIN) % DAY)
      : Math.min(one.spokenAtMs - slow[one.by], one.spokenAtMs + one.delayMs);
  const refusals = words.filter(({ isGranted }) => !isGranted);
  return words
    .filter(({ isGranted }) => isGranted)
    .some((grant) =>
      refusals.every((refusal) =>
        grant.by === refusal.by && grant.by !== 'form'
          ? grant.spokenAtMs > refusal.spokenAtMs
          : earliest(grant) > refusal.spokenAtMs + refusal.delayMs,
      ),
    );
}

const scenario = fc.tuple(
  fc.array(word, { maxLength: 7 }).map((words) => words.filter((one) => !isRefusedForm(one))),
  slowness,
);

describe('consents in any order, by any clock and any number of times', () => {
  it('are settled as an oracle settles the intervals in which they may have been spoken (P1, P2)', () => {
    fc.assert(
      fc.property(scenario, fc.infiniteStream(fc.nat()), ([words, slow], keys) => {
        const shuffled = [...words, ...words]
          .map((one) => ({ one, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => recorded(one, slow));
        expect(hasConsent(shuffled, 'push', END)).toBe(oracle(words, slow));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never permit what the last word refused (P1, P2)', () => {
    fc.assert(
      fc.property(scenario, ([words, slow]) => {
        const last = words.reduce<Word | undefined>(
          (latest, one) => (latest === undefined || one.spokenAtMs >= latest.spokenAtMs ? one : latest),
          undefined,
        );
        fc.pre(last !== undefined && !last.isGranted);
        const consents = words.map((one) => recorded(one, slow));
        expect(hasConsent(consents, 'push', END)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('permit what the last word granted, where clocks are right and words arrive at once', () => {
    const right: Slowness = { 'phone a': 0, 'phone b': 0, app: 0, form: 0 };
    const prompt = fc.uniqueArray(
      word.filter(({ by }) => by !== 'form').map((one) => ({ ...one, delayMs: 0 })),
      { minLength: 1, maxLength: 8, selector: ({ spokenAtMs }) => spokenAtMs },
    );
    fc.assert(
      fc.property(prompt, (words) => {
        const [last] = words.toSorted((a, b) => b.spokenAtMs - a.spokenAtMs);
        const consents = words.map((one) => recorded(one, right));
        expect(hasConsent(consents, 'push', END)).toBe(last?.isGranted);
      }),
    );
  });
});
