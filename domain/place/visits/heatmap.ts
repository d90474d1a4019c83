/**
 * How full a store's zones are by the time of its day: for each zone and slot how many visits were there, and how long.
 *
 * Slots are parts of the business day, from its cut on, on the wall clock of the store; days are laid over each other, so
 * that a week shows when the week's visitors came. On the night that clocks go back one slot is lived through twice:
 * a visitor who was there both times counts twice, since a slot may not hold more time per person than it lasts.
 */

import { offsetMinutesAt } from '../../chain/business-day.ts';
import { DAY_MS, MINUTE_MS } from '../../chain/duration.ts';
import type { ZoneId } from '../../chain/ids.ts';
import { type Interval, lengthMs } from './intervals.ts';
import type { Visit } from './visit.ts';

export const SLOT_MINUTES = [15, 30, 60] as const;
export type SlotMinutes = (typeof SLOT_MINUTES)[number];

export interface SlotClock {
  /** IANA name. */
  readonly timeZone: string;
  /** Minutes after midnight at which the business day changes. */
  readonly dayCutMinutes: number;
  readonly slotMinutes: SlotMinutes;
}

/** Visits that were in a zone in a slot, and how long together. */
export interface Occupancy {
  readonly people: number;
  readonly ms: number;
}

export interface ZoneOccupancy {
  /** Over all slots: a visitor who stayed for two of them counts once. */
  all: Occupancy;
  /** By the slot's place in the day, from 0. */
  readonly slots: Map<number, Occupancy>;
}

export type Heatmap = Map<ZoneId, ZoneOccupancy>;

export const EMPTY_HEATMAP: Occupancy = { people: 0, ms: 0 };

const DAY_MINUTES = 1_440;

/** Returns the store's wall clock at the start of a slot, as `09:30`. */
export function slotStart({ dayCutMinutes, slotMinutes }: SlotClock, slot: number): string {
  const minutes = (dayCutMinutes + slot * slotMinutes) % DAY_MINUTES;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The part of a stretch of time that lies in one slot, as it was lived through once. */
interface Piece {
  readonly slot: number;
  /** When this living through of the slot began. */
  readonly startMs: number;
  readonly ms: number;
}

/** Cuts a stretch at the borders of slots. What ends on a border was not in the next slot; a moment is in one. */
function* piecesOf(clock: SlotClock, { fromMs, toMs }: Interval): Generator<Piece> {
  const slotMs = clock.slotMinutes * MINUTE_MS;
  let atMs = fromMs;
  do {
    const shiftMs = (offsetMinutesAt(atMs, clock.timeZone) - clock.dayCutMinutes) * MINUTE_MS;
    const startMs = Math.floor((atMs + shiftMs) / slotMs) * slotMs - shiftMs;
    const endMs = Math.min(startMs + slotMs, toMs);
    const inDayMs = (((startMs + shiftMs) % DAY_MS) + DAY_MS) % DAY_MS;
    yield { slot: inDayMs / slotMs, startMs, ms: endMs - atMs };
    atMs = endMs;
  } while (atMs < toMs);
}

/** One more visit. */
const warmer = ({ people, ms }: Occupancy = EMPTY_HEATMAP, moreMs: number): Occupancy => ({
  people: people + 1,
  ms: ms + moreMs,
});

/** Adds one visit to the heat map. The visit's intervals in a zone must not overlap. */
export function addVisit(heat: Heatmap, clock: SlotClock, { zones }: Pick<Visit, 'zones'>): void {
  for (const { zoneId, intervals } of zones) {
    const lived = new Map<string, Piece>();
    for (const interval of intervals) {
      for (const piece of piecesOf(clock, interval)) {
        const name = `${piece.slot} ${piece.startMs}`;
        lived.set(name, { ...piece, ms: piece.ms + (lived.get(name)?.ms ?? 0) });
      }
    }
    const zone = heat.get(zoneId) ?? { all: EMPTY_HEATMAP, slots: new Map() };
    heat.set(zoneId, zone);
    for (const { slot, ms } of lived.values()) zone.slots.set(slot, warmer(zone.slots.get(slot), ms));
    if (intervals.length > 0) zone.all = warmer(zone.all, lengthMs(intervals));
  }
}
