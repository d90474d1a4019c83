/**
 * Whether a visit ended in a purchase, as far as till and camera together can show.
 *
 * No receipt is linked to a person here. A visitor who never came near a till has not bought; a visitor who
 * was alone at a till when it closed a sale has bought; for all others the outcome is `unknown`, with the
 * reason.
 */
import type { ZoneId } from '../../chain/ids.ts';
import type { Interval } from './intervals.ts';
import type { Visit } from './visit.ts';

/** Clocks of tills and cameras differ, and a customer steps away before the drawer is shut. */
export const TILL_SLACK_MS = 60_000;

/** Returns whether a zone is in front of a till, by its name: `till`, `till-2`. */
export const isTillZone = (zoneId: ZoneId): boolean => /^till/i.test(zoneId);

/** A receipt on which something was sold. */
export interface TillSale {
  readonly name: string;
  readonly closedAtMs: number;
}

export type PurchaseOutcome =
  | {
      readonly kind: 'yes';
      readonly evidence: { readonly sale: TillSale; readonly zoneId: ZoneId; readonly at: Interval };
    }
  | { readonly kind: 'no'; readonly reason: 'no till visited' }
  | {
      readonly kind: 'unknown';
      readonly reason: 'no till drawn' | 'still in the store' | 'no sale then' | 'not alone at the till';
    };

interface AtTill {
  readonly zoneId: ZoneId;
  readonly at: Interval;
}

const atTills = ({ zones }: Pick<Visit, 'zones'>): AtTill[] =>
  zones
    .filter(({ zoneId }) => isTillZone(zoneId))
    .flatMap(({ zoneId, intervals }) => intervals.map((at) => ({ zoneId, at })));

const isAround = ({ fromMs, toMs }: Interval, ms: number): boolean =>
  ms >= fromMs - TILL_SLACK_MS && ms <= toMs + TILL_SLACK_MS;

/** What is known of the store beside the visit itself. */
export interface PurchaseContext {
  readonly hasTillZone: boolean;
  readonly isOpen: boolean;
  /** Those of the other shoppers of the day. */
  readonly others: ReadonlyArray<Pick<Visit, 'zones'>>;
  /** Of the day, in any order. */
  readonly sales: readonly TillSale[];
}

/** Returns whether a visit touched a till zone. */
export const wasAtTill = (visit: Pick<Visit, 'zones'>): boolean => atTills(visit).length > 0;

/**
 * Returns whether a visit ended in a purchase. Any till zone stands for all tills, because no setting says
 * which till belongs to which zone.
 */
export function attributePurchase(
  visit: Pick<Visit, 'zones'>,
  { hasTillZone, isOpen, others, sales }: PurchaseContext,
): PurchaseOutcome {
  const mine = atTills(visit);
  if (mine.length === 0) {
    if (!hasTillZone) return { kind: 'unknown', reason: 'no till drawn' };
    return isOpen
      ? { kind: 'unknown', reason: 'still in the store' }
      : { kind: 'no', reason: 'no till visited' };
  }
  const theirs = others.map(atTills);
  let reason: 'no sale then' | 'not alone at the till' = 'no sale then';
  for (const sale of [...sales].sort((a, b) => a.closedAtMs - b.closedAtMs || (a.name < b.name ? -1 : 1))) {
    const place = mine.find(({ at }) => isAround(at, sale.closedAtMs));
    if (place === undefined) continue;
    const isAlone = !theirs.some((tills) => tills.some(({ at }) => isAround(at, sale.closedAtMs)));
    if (isAlone) return { kind: 'yes', evidence: { sale, ...place } };
    reason = 'not alone at the till';
  }
  return { kind: 'unknown', reason };
}
