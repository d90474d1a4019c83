/**
 * A visit as staff look at it: the published visit, with the path that figures do not need.
 *
 * Its name holds store, business day, number of the visit on that day, and visitor. Late evidence may give
 * the number to another visit of the same visitor and day, never to another visitor's.
 */
import { type BusinessDay, parseBusinessDay } from '../../chain/business-day.ts';
import { isPlaceId, type StoreId, type VisitorId } from '../../chain/ids.ts';
import {
  isAssisted,
  isClosed,
  type Visit,
  type VisitFrequency,
  type VisitSummary,
  visitsOf,
} from './visit.ts';
import type { DayPresence, VisitorDay, VisitorDayKey } from './visitor-day.ts';

export interface Journey {
  readonly key: VisitorDayKey;
  readonly visit: Visit;
  readonly isOpen: boolean;
  readonly isAssisted: boolean;
  readonly frequency: VisitFrequency;
}

export interface VisitName extends VisitorDayKey {
  /** From 1. */
  readonly number: number;
}

/**
 * Formats the name of a visit, `sz01~2026-11-22~1~user.v.8f3a`; characters that a URL path cannot carry
 * become `=2F`.
 */
export const formatVisitName = ({ storeId, day, number, visitorId }: VisitName): string =>
  `${storeId}~${day}~${number}~${encodeURIComponent(visitorId).replaceAll('%', '=')}`;

const NAME = /^([^~]*)~([^~]*)~([1-9]\d{0,3})~(.{1,400})$/u;

/** Parses the name of a visit; returns undefined where the text is not one. */
export function parseVisitName(text: string): VisitName | undefined {
  const [, storeId = '', dayText = '', number, visitor = ''] = NAME.exec(text) ?? [];
  const day: BusinessDay | undefined = parseBusinessDay(dayText);
  const visitorId = decoded(visitor);
  if (number === undefined || day === undefined || !isPlaceId(storeId) || visitorId === undefined)
    return undefined;
  return { storeId: storeId as StoreId, day, number: Number(number), visitorId: visitorId as VisitorId };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('=', '%'));
  } catch {
    return undefined;
  }
}

/**
 * Returns the visits of a visitor day. Their frequency comes from the published visit with the same
 * beginning, since it depends on other days; it is `unknown` where nothing is published yet.
 */
export function journeysOf(
  visitorDay: VisitorDay,
  published: readonly VisitSummary[],
  staff: readonly DayPresence[],
  nowMs: number,
): Journey[] {
  const { storeId, day, visitorId } = visitorDay;
  return visitsOf(visitorDay).map((visit) => ({
    key: { storeId, day, visitorId },
    visit,
    isOpen: !isClosed(visit, nowMs),
    isAssisted: isAssisted(visit, staff),
    frequency:
      published.find(({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs)?.frequency ??
      'unknown',
  }));
}

/** Returns the name of a journey's visit. */
export const visitNameOf = ({ key, visit }: Journey): string =>
  formatVisitName({ ...key, number: visit.number });

/** Where a list of visits goes on: behind this one. */
export interface PagePosition {
  readonly firstSeenAtMs: number;
  readonly name: string;
}

/** Returns the position of a journey in a list of visits, for paging. */
export const positionOf = (journey: Journey): PagePosition => ({
  firstSeenAtMs: journey.visit.firstSeenAt.instantMs,
  name: visitNameOf(journey),
});

/** The newest first; of two that began together, by name. */
const inOrder = (a: PagePosition, b: PagePosition): number =>
  b.firstSeenAtMs - a.firstSeenAtMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * Returns one page of visits, the newest first, and the position after which the next page begins; undefined
 * at the end.
 */
export function pageOf(
  journeys: readonly Journey[],
  limit: number,
  behind: PagePosition | undefined,
): { readonly page: readonly Journey[]; readonly next: PagePosition | undefined } {
  const placed = journeys
    .map((journey) => ({ journey, place: positionOf(journey) }))
    .filter(({ place }) => behind === undefined || inOrder(behind, place) < 0)
    .sort((a, b) => inOrder(a.place, b.place));
  const page = placed.slice(0, limit);
  return {
    page: page.map(({ journey }) => journey),
    next: placed.length > limit ? page.at(-1)?.place : undefined,
  };
}
