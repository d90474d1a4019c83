/**
 * A rule of law in one sentence, with what is needed to check it: the source, where it can be read, the days on which it
 * applies, when the project last compared it with the source, and how sure that comparison was.
 */
import type { BusinessDay } from '../chain/business-day.ts';

/** `A`: the words of the law were read. `B`: a regulator's or a law firm's account was. `C`: recalled; check before use. */
export const SURENESS = ['A', 'B', 'C'] as const;
export type Sureness = (typeof SURENESS)[number];

export interface Rule {
  /** One sentence for the store manager. */
  readonly says: string;
  /** The article or section. */
  readonly source: string;
  /** An address at which the source can be read. */
  readonly url?: string;
  /** The first day on which it applies, `2025-06-01`; absent for a rule older than any use of the product. */
  readonly since?: string;
  /** The first day on which it no longer applies. */
  readonly until?: string;
  /** The day on which the sentence was last compared with its source. */
  readonly checkedOn: string;
  readonly sure: Sureness;
}

/** Returns whether a rule applies on a day: from `since` on, and before `until`. */
export const isInForce = ({ since, until }: Pick<Rule, 'since' | 'until'>, day: BusinessDay): boolean =>
  (since === undefined || since <= day) && (until === undefined || day < until);
