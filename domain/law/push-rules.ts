/** What the law of a store's place asks of pushes. A store without a known law gets the strictest rule of every pack. */
import type { BusinessDay } from '../chain/business-day.ts';
import type { LawSubject } from './compile.ts';
import { countryOf } from './compile.ts';
import { clausesOn, type Pack, type RefusalScope } from './pack.ts';
import { PACKS } from './packs.ts';

export interface PushRules {
  /** Years of age from which a customer may be sent a push that was selected for them. */
  readonly ageMin: number;
  /** What a refusal of personal offers or of profiling ends. */
  readonly refusalEnds: RefusalScope;
  /** Metres round a health service within which no geofence may be drawn; 0 where the law has no such rule. */
  readonly healthFenceM: number;
}

/** Returns the packs that may apply to a store: that of its jurisdiction, those of its country, or all. */
function packsOf(subject: LawSubject): readonly Pack[] {
  if (subject.law !== undefined) return [PACKS[subject.law.jurisdiction]];
  const all = Object.values(PACKS).filter(({ jurisdiction }) => jurisdiction !== 'demo');
  const country = countryOf(subject);
  const own = all.filter(({ countries }) => country !== undefined && countries.includes(country));
  return own.length === 0 ? all : own;
}

/** Returns the strictest rules about pushes of the packs that may apply to a store on a day. */
export function pushRulesOf(subject: LawSubject, today: BusinessDay): PushRules {
  const packs = packsOf(subject);
  const country = countryOf(subject);
  const ages = packs.flatMap((pack) => clausesOn(pack, 'pushAge', today, country).map(({ from }) => from));
  const fences = packs.flatMap((pack) =>
    clausesOn(pack, 'healthFence', today, country).map(({ metres }) => metres),
  );
  const refusals = packs.flatMap((pack) =>
    clausesOn(pack, 'refusal', today, country).map(({ ends }) => ends),
  );
  return {
    ageMin: Math.max(0, ...ages),
    healthFenceM: Math.max(0, ...fences),
    refusalEnds:
      refusals.length > 0 && refusals.every((ends) => ends === 'personalised') ? 'personalised' : 'all',
  };
}

/**
 * Reports whether a person born in a year is certainly of an age in another year: the birthday of this year may be still to
 * come.
 */
export const isOfAge = (birthYear: number, year: number, ageMin: number): boolean =>
  year - birthYear - 1 >= ageMin;
