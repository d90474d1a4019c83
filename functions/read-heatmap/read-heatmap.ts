/**
 * A question for the heat of a store's zones → the stays of its days, each looked at once and let go → people and seconds
 * per zone and slot, for one period or two side by side.
 *
 * People per slot come from the stays, since a stretch of time may lie in several slots; draw and engagement come from the
 * cells, which count what has ended and is settled.
 */
import type { CellStore } from '#adapters/dynamodb/cell-store.ts';
import type { VisitStore } from '#adapters/dynamodb/visit-store.ts';
import type { HeatmapAnswer, HeatmapQuery, ZoneHeat } from '#contracts/visits.ts';
import {
  addDays,
  type BusinessDay,
  countDays,
  formatLocalTime,
  offsetMinutesAt,
} from '#domain/chain/business-day.ts';
import type { StoreId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { addCounts, type Counts } from '#domain/place/cell.ts';
import {
  addVisit,
  type Heat,
  NOBODY_THERE,
  type SlotClock,
  slotStart,
  type Warmth,
} from '#domain/place/heat.ts';
import { NOBODY, ZONE_KPIS } from '#domain/place/kpis.ts';
import { visitsOf } from '#domain/place/visit.ts';
import { dictionaryOf, figuresOf } from '../figures-of.ts';
import { inTurn } from '../in-turn.ts';

export interface ReadHeatmapPorts {
  readonly visits: Pick<VisitStore, 'ofDay'>;
  readonly cells: Pick<CellStore, 'range' | 'zones'>;
}

const DAYS_AT_ONCE_MAX = 6;

interface Period {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

/** What a period comes to. */
interface Found {
  readonly period: Period;
  readonly heat: Heat;
  readonly zones: ReadonlyMap<string, Counts>;
  readonly closedVisits: bigint;
  readonly asOfMs: number;
}

export async function readHeatmap(
  ports: ReadHeatmapPorts,
  { store: storeId, from, to, slot, compareFrom }: HeatmapQuery,
  { timeZone, dayCutMinutes }: Pick<Store, 'timeZone' | 'dayCutMinutes'>,
): Promise<HeatmapAnswer> {
  const clock: SlotClock = { timeZone, dayCutMinutes, slotMinutes: slot };
  const period = await find(ports, storeId, { from, to }, clock);
  const compared =
    compareFrom === undefined
      ? undefined
      : await find(
          ports,
          storeId,
          { from: compareFrom, to: addDays(compareFrom, countDays(from, to) - 1) },
          clock,
        );
  const both = compared === undefined ? [period] : [period, compared];
  const zoneIds = new Set(both.flatMap(({ heat, zones }) => [...heat.keys(), ...zones.keys()]));
  const asOfMs = Math.max(...both.map((one) => one.asOfMs));
  return {
    store: storeId,
    timeZone,
    slotMinutes: slot,
    asOf:
      asOfMs === 0
        ? null
        : formatLocalTime({ instantMs: asOfMs, offsetMinutes: offsetMinutesAt(asOfMs, timeZone) }),
    period: period.period,
    ...(compared && { compared: compared.period }),
    zones: [...zoneIds].sort().map((zone) => zoneOf(zone as ZoneId, period, compared, clock)),
    kpis: dictionaryOf(ZONE_KPIS),
  };
}

async function find(
  { visits, cells }: ReadHeatmapPorts,
  storeId: StoreId,
  period: Period,
  clock: SlotClock,
): Promise<Found> {
  const heat: Heat = new Map();
  const days = Array.from({ length: countDays(period.from, period.to) }, (_, index) =>
    addDays(period.from, index),
  );
  const [zoneCells, dayCells] = await Promise.all([
    cells.zones(storeId, period.from, period.to),
    cells.range(storeId, 'day', period.from, period.to),
    inTurn(days, DAYS_AT_ONCE_MAX, async (day) => {
      for await (const { stay } of visits.ofDay(storeId, day)) {
        for (const visit of visitsOf(stay)) if (!visit.isStaff) addVisit(heat, clock, visit);
      }
    }),
  ]);
  const zones = new Map<string, Counts>();
  for (const { key, counts } of zoneCells) {
    const zone = key.member ?? '';
    zones.set(zone, addCounts(zones.get(zone) ?? {}, counts));
  }
  return {
    period,
    heat,
    zones,
    closedVisits: dayCells.reduce((sum, { counts }) => sum + (counts.closedVisits ?? 0n), 0n),
    asOfMs: dayCells.reduce((newest, cell) => Math.max(newest, cell.asOfMs), 0),
  };
}

const MS_PER_SECOND = 1_000;

const told = ({ people, ms }: Warmth) => ({ people, seconds: ms / MS_PER_SECOND });

function zoneOf(
  zone: ZoneId,
  period: Found,
  compared: Found | undefined,
  clock: SlotClock,
): HeatmapAnswer['zones'][number] {
  const slotsIn = (found: Found | undefined): ReadonlyMap<number, Warmth> =>
    found?.heat.get(zone)?.slots ?? new Map();
  const [now, then] = [slotsIn(period), slotsIn(compared)];
  const slots = [...new Set([...now.keys(), ...then.keys()])].sort((a, b) => a - b);
  return {
    zone,
    period: zoneHeat(zone, period),
    ...(compared && { compared: zoneHeat(zone, compared) }),
    slots: slots.map((slot) => ({
      start: slotStart(clock, slot),
      period: told(now.get(slot) ?? NOBODY_THERE),
      ...(compared && { compared: told(then.get(slot) ?? NOBODY_THERE) }),
    })),
  };
}

function zoneHeat(zone: ZoneId, { heat, zones, closedVisits }: Found): ZoneHeat {
  return {
    ...told(heat.get(zone)?.all ?? NOBODY_THERE),
    figures: figuresOf(ZONE_KPIS, { counts: addCounts(zones.get(zone) ?? {}, { closedVisits }) }, NOBODY),
  };
}
