/**
 * The form of a jurisdiction pack: a list of rules, each with the most that it permits of one thing.
 *
 * Nothing is permitted by silence. Of a thing without a rule in force on the day nothing is permitted; of several rules in
 * force the strictest counts. So a law that begins or ends is one more rule with a date, and no older rule is rewritten.
 */
import type { BusinessDay } from '../chain/business-day.ts';
import type { FaceMode, Jurisdiction } from '../chain/law-settings.ts';
import { isInForce, type Rule } from './rule.ts';

/**
 * The pictures in which faces may be looked for in the cloud. `none`: no picture of the store. `lane`: only pictures of a
 * camera that sees nothing but a lane for people who have agreed. `floor`: pictures of any camera.
 */
export const PICTURE_SCOPES = ['none', 'lane', 'floor'] as const;
export type PictureScope = (typeof PICTURE_SCOPES)[number];

/** ISO 3166-1: `CN`. */
export type Country = string;

/** What a refusal of personal offers or of profiling ends: pushes selected by the customer's profile, or every push. */
export type RefusalScope = 'personalised' | 'all';

/** What a rule is about, and the most that it permits. */
export type Provision =
  | { readonly about: 'face'; readonly most: FaceMode }
  | { readonly about: 'pictures'; readonly most: PictureScope }
  /** Whether a device may report the number of a member whom it matched itself. */
  | { readonly about: 'deviceMembers'; readonly most: boolean }
  | { readonly about: 'watchList'; readonly most: boolean }
  /** Days after the enrolment for which an entry of a watch-list may be kept. */
  | { readonly about: 'watchListDays'; readonly most: number }
  /** Days without a visit for which a visitor without consent may be kept. */
  | { readonly about: 'visitorDays'; readonly most: number }
  /** Days without a visit for which a member's face may be kept; the store may have to decide on a number itself. */
  | { readonly about: 'memberDays'; readonly most: number; readonly isSettingRequired?: boolean }
  /** Days for which the proof of a withdrawn or expired consent is kept. */
  | { readonly about: 'proofDays'; readonly most: number }
  /** Countries outside the jurisdiction to which faces may be sent. */
  | { readonly about: 'abroad'; readonly to: 'anywhere' | readonly Country[] }
  /** Countries in which no one may read the faces and positions of the store's customers. */
  | { readonly about: 'readers'; readonly never: readonly Country[] }
  /** Whether the consent of staff is enough to recognise their faces. */
  | { readonly about: 'staffByConsent'; readonly most: boolean }
  | { readonly about: 'sign' }
  | { readonly about: 'localOnly' }
  /** Years of age from which a customer may be sent a push that was selected for them. */
  | { readonly about: 'pushAge'; readonly from: number }
  /** Metres round a health service within which no geofence may be drawn. */
  | { readonly about: 'healthFence'; readonly metres: number }
  | { readonly about: 'refusal'; readonly ends: RefusalScope }
  /** Every push names its sender and a way to refuse. */
  | { readonly about: 'pushSender' }
  /** A duty of the store that no setting can check. */
  | { readonly about: 'duty' };

export type Topic = Provision['about'];

export type Clause = Rule &
  Provision & {
    /** The countries of the jurisdiction in which it applies; absent for all of them. */
    readonly only?: readonly Country[];
  };

export type ClauseAbout<Of extends Topic> = Extract<Clause, { readonly about: Of }>;

export interface Pack {
  readonly jurisdiction: Jurisdiction;
  readonly name: string;
  readonly nameZh: string;
  /** The territory: a face that is sent from one of these countries to another has not left. */
  readonly countries: readonly Country[];
  readonly clauses: readonly Clause[];
}

/** Returns the rules of a pack about one topic that are in force on a day, for a store in a country, in their order. */
export const clausesOn = <Of extends Topic>(
  { clauses }: Pack,
  about: Of,
  day: BusinessDay,
  country?: Country,
): ReadonlyArray<ClauseAbout<Of>> =>
  clauses.filter(
    (clause): clause is ClauseAbout<Of> =>
      clause.about === about && isInForce(clause, day) && isThere(clause, country),
  );

const isThere = ({ only }: Clause, country: Country | undefined): boolean =>
  only === undefined || (country !== undefined && only.includes(country));

/** A rule with the most that it permits. */
export interface Limit<Value> {
  readonly most: Value;
  /** The rule that decides; absent where no rule is in force. */
  readonly rule?: Rule;
}

/**
 * Returns the strictest of the rules about a topic: the one whose value comes first in `order`, and its value.
 *
 * @param order every possible value, strictest first; the first is also the value where no rule is in force
 */
export function strictest<Value>(
  clauses: ReadonlyArray<Rule & { readonly most: Value }>,
  order: readonly [Value, ...Value[]],
): Limit<Value> {
  let decisive: (Rule & { readonly most: Value }) | undefined;
  for (const clause of clauses) {
    if (decisive === undefined || order.indexOf(clause.most) < order.indexOf(decisive.most))
      decisive = clause;
  }
  return decisive === undefined ? { most: order[0] } : { most: decisive.most, rule: decisive };
}

/** Returns the rule with the smallest number, and that number; 0 where no rule is in force. */
export function fewest(clauses: ReadonlyArray<Rule & { readonly most: number }>): Limit<number> {
  const [decisive] = [...clauses].sort((a, b) => a.most - b.most);
  return decisive === undefined ? { most: 0 } : { most: decisive.most, rule: decisive };
}
