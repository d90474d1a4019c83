/**
 * A heatmap query → the store's visitor days, read as a stream → people and seconds per zone and slot, for one period or two
 * compared.
 *
 * People per slot come from the visitor days, since one presence may lie in several slots; draw and engagement come from the
 * cells, which count closed visits.
 */
import { dictionaryOf, figuresOf } from '#application/figures/format-figures.ts';
import type { CellStore } from '#application/ports/cell-store.ts';
import type { VisitStore } from '#application/ports/visit-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { HeatmapQuery, HeatmapResponse, ZoneHeat } from '#contracts/http/visits.ts';
import {
  addDays,
  type BusinessDay,
  countDays,
  formatLocalTime,
  offsetMinutesAt,
} from '#domain/chain/business-day.ts';
import type { StoreId, ZoneId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { addCounts, type Counts } from '#domain/place/figures/cell.ts';
import { NO_COVERAGE, ZONE_KPIS } from '#domain/place/figures/kpis.ts';
import {
  addVisit,
  EMPTY_HEATMAP,
  type Heatmap,
  type Occupancy,
  type SlotClock,
  slotStart,
} from '#domain/place/visits/heatmap.ts';
import { type Visit, visitsOf } from '#domain/place/visits/visit.ts';

export interface ReadHeatmapPorts {
  readonly visits: Pick<VisitStore, 'ofDay' | 'staffOfDay'>;
  readonly cells: Pick<CellStore, 'range' | 'zones'>;
}

const DAYS_AT_ONCE_MAX = 6;

interface Period {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

/** The heatmap and counts of a period. */
interface PeriodHeat {
  readonly period: Period;
  readonly heat: Heatmap;
  readonly zones: ReadonlyMap<string, Counts>;
  readonly closedVisits: bigint;
  readonly asOfMs: number;
}

/** Returns the heatmap of a store for a period, and for a period of the same length to compare with. */
export async function readHeatmap(
  ports: ReadHeatmapPorts,
  { store: storeId, from, to, slot, compareFrom }: HeatmapQuery,
  { timeZone, dayCutMinutes }: Pick<Store, 'timeZone' | 'dayCutMinutes'>,
): Promise<HeatmapResponse> {
  const clock: SlotClock = { timeZone, dayCutMinutes, slotMinutes: slot };
  const period = await readPeriod(ports, storeId, { from, to }, clock);
  const compared =
    compareFrom === undefined
      ? undefined
      : await readPeriod(
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

async function readPeriod(
  { visits, cells }: ReadHeatmapPorts,
  storeId: StoreId,
  period: Period,
  clock: SlotClock,
): Promise<PeriodHeat> {
  const heat: Heatmap = new Map();
  const days = Array.from({ length: countDays(period.from, period.to) }, (_, index) =>
    addDays(period.from, index),
  );
  const [zoneCells, dayCells] = await Promise.all([
    cells.zones(storeId, period.from, period.to),
    cells.range(storeId, 'day', period.from, period.to),
    mapConcurrent(days, DAYS_AT_ONCE_MAX, async (day) => {
      // A number that a sensor gave to staff and to a shopper on one day is among the staff.
      for (const visitorDays of [visits.ofDay(storeId, day), visits.staffOfDay(storeId, day)]) {
        for await (const { visitorDay } of visitorDays) {
          for (const visit of visitsOf(visitorDay)) if (isInHeatmap(visit)) addVisit(heat, clock, visit);
        }
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

const isInHeatmap = ({ isStaff, counts }: Visit): boolean => !isStaff && counts !== 'still';

const MS_PER_SECOND = 1_000;

const toResponse = ({ people, ms }: Occupancy) => ({ people, seconds: ms / MS_PER_SECOND });

function zoneOf(
  zone: ZoneId,
  period: PeriodHeat,
  compared: PeriodHeat | undefined,
  clock: SlotClock,
): HeatmapResponse['zones'][number] {
  const slotsIn = (one: PeriodHeat | undefined): ReadonlyMap<number, Occupancy> =>
    one?.heat.get(zone)?.slots ?? new Map();
  const [now, then] = [slotsIn(period), slotsIn(compared)];
  const slots = [...new Set([...now.keys(), ...then.keys()])].sort((a, b) => a - b);
  return {
    zone,
    period: zoneHeat(zone, period),
    ...(compared && { compared: zoneHeat(zone, compared) }),
    slots: slots.map((slot) => ({
      start: slotStart(clock, slot),
      period: toResponse(now.get(slot) ?? EMPTY_HEATMAP),
      ...(compared && { compared: toResponse(then.get(slot) ?? EMPTY_HEATMAP) }),
    })),
  };
}

function zoneHeat(zone: ZoneId, { heat, zones, closedVisits }: PeriodHeat): ZoneHeat {
  return {
    ...toResponse(heat.get(zone)?.all ?? EMPTY_HEATMAP),
    figures: figuresOf(
      ZONE_KPIS,
      { counts: addCounts(zones.get(zone) ?? {}, { closedVisits }) },
      NO_COVERAGE,
    ),
  };
}
