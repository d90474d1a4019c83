/**
 * A customer's profile: the numbers that an audience is evaluated on, computed from the rows as of one time. Later rows are
 * ignored: a dry run over last week must see what it would have seen then, or every back-test would look better than the
 * campaign can be.
 *
 * A number without a value ("days since the last purchase" of a customer who never bought) is -1.
 */

import { DAY_MS } from '../../chain/duration.ts';
import type { CityId, StoreId } from '../../chain/ids.ts';
import { wallClockAt } from '../../chain/wall-clock.ts';
import type { PastVisit, Person, Purchase } from './customer.ts';

/** Products that a profile lists; older ones are left out. */
export const PROFILE_PRODUCTS_MAX = 100;

/** A number of days where there is no such day. */
export const NEVER_DAYS = -1;

export interface Profile {
  readonly knownDays: number;
  readonly isMember: boolean;
  readonly memberDays: number;
  readonly buys: number;
  readonly buysHere: number;
  readonly buysInCity: number;
  readonly buysLast90Days: number;
  readonly units: number;
  readonly spent: number;
  readonly spentHere: number;
  readonly spentLast90Days: number;
  readonly averageTicket: number;
  readonly lastBuyDays: number;
  readonly lastBuyHereDays: number;
  readonly products: readonly string[];
  readonly visits: number;
  readonly visitsHere: number;
  readonly lastVisitDays: number;
  readonly lastVisitHereDays: number;
  readonly pushesLast30Days: number;
  readonly hour: number;
  readonly weekday: number;
}

/** Types of CEL; `int` is whole, `double` may have decimals. */
export type FieldType = 'bool' | 'int' | 'double' | 'list<string>';

export interface ProfileField {
  readonly type: FieldType;
  readonly en: string;
  readonly zh: string;
}

/**
 * The fields that audiences may use. Days are calendar days on the store's wall clock: today is 0, yesterday 1. Money is in
 * the chain's currency; a double holds it exactly up to 900 thousand million.
 */
export const PROFILE_FIELDS: Readonly<Record<keyof Profile, ProfileField>> = {
  knownDays: { type: 'int', en: 'Days since the first record of the customer', zh: '建档天数' },
  isMember: { type: 'bool', en: 'Whether the customer has a member number', zh: '是否会员' },
  memberDays: {
    type: 'int',
    en: 'Days since the member number was linked; -1 without one',
    zh: '入会天数，无则 -1',
  },
  buys: { type: 'int', en: 'Receipts with a purchase', zh: '购买次数' },
  buysHere: { type: 'int', en: 'Of those, at this store', zh: '本店购买次数' },
  buysInCity: { type: 'int', en: "Of those, in this store's city", zh: '本市购买次数' },
  buysLast90Days: { type: 'int', en: 'Of those, in the last 90 times 24 hours', zh: '近 90 天购买次数' },
  units: { type: 'int', en: 'Pieces bought, less pieces returned', zh: '购买件数（减退货）' },
  spent: { type: 'double', en: 'Money spent, less refunds', zh: '消费额（减退款）' },
  spentHere: { type: 'double', en: 'Of that, at this store', zh: '本店消费额' },
  spentLast90Days: { type: 'double', en: 'Of that, in the last 90 times 24 hours', zh: '近 90 天消费额' },
  averageTicket: {
    type: 'double',
    en: 'Money per receipt with a purchase; 0 where none',
    zh: '客单价，无则 0',
  },
  lastBuyDays: {
    type: 'int',
    en: 'Days since the last purchase; -1 where none',
    zh: '距上次购买天数，从未则 -1',
  },
  lastBuyHereDays: {
    type: 'int',
    en: 'Days since the last purchase at this store; -1 where none',
    zh: '距上次本店购买天数，从未则 -1',
  },
  products: {
    type: 'list<string>',
    en: `Products bought, the newest first, ${PROFILE_PRODUCTS_MAX} at most`,
    zh: `买过的商品，新的在前，最多 ${PROFILE_PRODUCTS_MAX} 个`,
  },
  visits: { type: 'int', en: 'Visits on which sensors recognised the customer', zh: '到店次数（可识别）' },
  visitsHere: { type: 'int', en: 'Of those, at this store', zh: '本店到店次数' },
  lastVisitDays: {
    type: 'int',
    en: 'Days since the last such visit ended; -1 where none',
    zh: '距上次到店天数，从未则 -1',
  },
  lastVisitHereDays: {
    type: 'int',
    en: 'Days since the last such visit at this store ended; -1 where none',
    zh: '距上次本店到店天数，从未则 -1',
  },
  pushesLast30Days: { type: 'int', en: 'Pushes in the last 30 times 24 hours', zh: '近 30 天推送次数' },
  hour: { type: 'int', en: 'Local hour at the store, 0–23', zh: '门店当地小时，0 至 23' },
  weekday: {
    type: 'int',
    en: 'Local day of the week at the store: Monday is 1, Sunday 7',
    zh: '门店当地星期，周一为 1，周日为 7',
  },
};

/** The time and the store of a profile. */
export interface ProfileContext {
  readonly nowMs: number;
  readonly storeId: StoreId;
  readonly cityId: CityId;
  /** Of the store; IANA. */
  readonly timeZone: string;
}

const RECENT_BUYS_MS = 90 * DAY_MS;
const RECENT_PUSHES_MS = 30 * DAY_MS;
const AMOUNTS_PER_UNIT = 10_000;

/** Reports whether something was bought at a price; a receipt with returns only is no purchase, an exchange is one. */
export const isBuy = ({ net, products }: Purchase): boolean =>
  net > 0n || products.some((one) => one.quantity > 0 && one.net > 0n);

/** Computes a customer's profile as of a time at a store. */
export function profileOf(person: Person, { nowMs, storeId, cityId, timeZone }: ProfileContext): Profile {
  const now = wallClockAt(nowMs, timeZone);
  const daysSince = (instantMs: number | undefined): number =>
    instantMs === undefined ? NEVER_DAYS : now.dayNumber - wallClockAt(instantMs, timeZone).dayNumber;

  const receipts = person.purchases.filter(({ closedAtMs }) => closedAtMs <= nowMs);
  const isRecent = ({ closedAtMs }: Purchase): boolean => closedAtMs > nowMs - RECENT_BUYS_MS;
  const isHere = (one: { readonly storeId: StoreId }): boolean => one.storeId === storeId;
  const buys = receipts.filter(isBuy);
  const bought = buys.reduce((sum, { net }) => sum + net, 0n);

  const visits = person.visits.filter(({ firstSeenAtMs }) => firstSeenAtMs <= nowMs);
  const endOf = ({ lastSeenAtMs }: PastVisit): number => Math.min(lastSeenAtMs, nowMs);

  const memberSinceMs = least(
    person.links
      .filter(({ kind, linkedAtMs }) => kind === 'member' && linkedAtMs <= nowMs)
      .map(({ linkedAtMs }) => linkedAtMs),
  );
  return {
    knownDays: daysSince(Math.min(person.createdAtMs, nowMs)),
    isMember: memberSinceMs !== undefined,
    memberDays: daysSince(memberSinceMs),
    buys: buys.length,
    buysHere: buys.filter(isHere).length,
    buysInCity: buys.filter((one) => one.cityId === cityId).length,
    buysLast90Days: buys.filter(isRecent).length,
    units: receipts.reduce((sum, { units }) => sum + units, 0),
    spent: moneyOf(receipts),
    spentHere: moneyOf(receipts.filter(isHere)),
    spentLast90Days: moneyOf(receipts.filter(isRecent)),
    averageTicket: buys.length === 0 ? 0 : Number(bought) / AMOUNTS_PER_UNIT / buys.length,
    lastBuyDays: daysSince(most(buys.map(({ closedAtMs }) => closedAtMs))),
    lastBuyHereDays: daysSince(most(buys.filter(isHere).map(({ closedAtMs }) => closedAtMs))),
    products: productsOf(buys),
    visits: visits.length,
    visitsHere: visits.filter(isHere).length,
    lastVisitDays: daysSince(most(visits.map(endOf))),
    lastVisitHereDays: daysSince(most(visits.filter(isHere).map(endOf))),
    pushesLast30Days: person.pushes.filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - RECENT_PUSHES_MS)
      .length,
    hour: Math.floor(now.minute / 60),
    weekday: now.weekday,
  };
}

const moneyOf = (receipts: readonly Purchase[]): number =>
  Number(receipts.reduce((sum, { net }) => sum + net, 0n)) / AMOUNTS_PER_UNIT;

/** Each once, by when it was last bought. */
function productsOf(buys: readonly Purchase[]): string[] {
  const lastBoughtAtMs = new Map<string, number>();
  for (const { closedAtMs, products } of buys) {
    for (const { productId, quantity } of products) {
      if (quantity <= 0) continue;
      lastBoughtAtMs.set(productId, Math.max(closedAtMs, lastBoughtAtMs.get(productId) ?? closedAtMs));
    }
  }
  return [...lastBoughtAtMs]
    .sort(([a, aMs], [b, bMs]) => bMs - aMs || (a < b ? -1 : 1))
    .slice(0, PROFILE_PRODUCTS_MAX)
    .map(([productId]) => productId);
}

/** `Math.min(...values)` would overflow the stack with a long history. */
const least = (values: readonly number[]): number | undefined =>
  values.reduce<number | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
const most = (values: readonly number[]): number | undefined =>
  values.reduce<number | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
