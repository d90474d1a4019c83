/**
 * A visit as somebody looks at it: the one of which the log was told, and the path of it that figures do not need.
 *
 * Its name says where to find it: store, business day, which of the visitor's visits on it, and the visitor. Evidence
 * that comes late may give the number to another visit of the same visitor and day, never to anybody else's.
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

/** `sz01~2026-11-22~1~user.v.8f3a`, with whatever a URL's path would not carry written as `=2F`. */
export const formatVisitName = ({ storeId, day, number, visitorId }: VisitName): string =>
  `${storeId}~${day}~${number}~${encodeURIComponent(visitorId).replaceAll('%', '=')}`;

const NAME = /^([^~]*)~([^~]*)~([1-9]\d{0,3})~(.{1,400})$/u;

/** Reads a visit's name; undefined where it is none. */
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
 * The visits of a stay. Standing is what the log was told of a visit that begins at the same moment, since it takes other
 * days to know; where nothing was told yet it is unknown.
 */
export function journeysOf(
  stay: VisitorDay,
  told: readonly VisitSummary[],
  staff: readonly DayPresence[],
  nowMs: number,
): Journey[] {
  const { storeId, day, visitorId } = stay;
  return visitsOf(stay).map((visit) => ({
    key: { storeId, day, visitorId },
    visit,
    isOpen: !isClosed(visit, nowMs),
    isAssisted: isAssisted(visit, staff),
    frequency:
      told.find(({ firstSeenAt }) => firstSeenAt.instantMs === visit.firstSeenAt.instantMs)?.frequency ??
      'unknown',
  }));
}

export const visitNameOf = ({ key, visit }: Journey): string =>
  formatVisitName({ ...key, number: visit.number });

/** Where a list of visits goes on: behind this one. */
export interface PagePosition {
  readonly firstSeenAtMs: number;
  readonly name: string;
}

export const positionOf = (journey: Journey): PagePosition => ({
  firstSeenAtMs: journey.visit.firstSeenAt.instantMs,
  name: visitNameOf(journey),
});

/** The newest first; of two that began together, by name. */
const inOrder = (a: PagePosition, b: PagePosition): number =>
  b.firstSeenAtMs - a.firstSeenAtMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** One page of visits, the newest first, and where the next one begins; undefined at the end. */
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
