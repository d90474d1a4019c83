/**
 * Folding: accepted facts become cell → delta in memory, so that a batch of a thousand receipts costs one write
 * per cell it touches and not one per receipt. `receipt-cells.ts` and `visit-cells.ts` define what
 * a fact adds; this module combines it.
 *
 * The order of the log is the only clock. Each delta remembers which positions of the log went into it, so that a
 * cell which already holds the first half of a batch can take the second half alone.
 */

import { type BusinessDay, hourStartMs, type LocalTime, minuteStartMs } from '../../chain/business-day.ts';
import { DAY_MS } from '../../chain/duration.ts';
import type { StoreId } from '../../chain/ids.ts';
import { addCounts, type CellKey, type Counts } from './cell.ts';

/** What a fact adds to one cell. Counts may be below 0: a visit that is published again subtracts what it was before. */
export interface CellAddition {
  readonly key: CellKey;
  readonly counts: Counts;
  /** The product's name. */
  readonly label?: string;
  /** The till, in the cell that stores which tills reported. */
  readonly reporter?: string;
  /** The camera, tracker or door counter, in the cell that stores which of them reported. */
  readonly sensor?: string;
  /** The same sensor, where it counts visitors and reported that it saw no one. */
  readonly emptySensor?: string;
  /** The hours of a sale, and those of a visit, in the cell that stores which hours had any. */
  readonly soldHours?: readonly string[];
  readonly seenHours?: readonly string[];
}

/** What a fact adds, and its place in the log. */
export interface LoggedAdditions {
  /** Each cell once. */
  readonly cells: readonly CellAddition[];
  /** The log's sequence number, zero-padded to one length so that text order is log order. */
  readonly sequence: string;
  /** When the log took it. */
  readonly arrivedAtMs: number;
}

/** What one fact adds to one cell. */
export interface Contribution extends Omit<CellAddition, 'key'> {
  readonly sequence: string;
  readonly arrivedAtMs: number;
}

/** A cell and all that a batch adds to it, in log order, one contribution per fact. */
export interface CellDelta {
  readonly key: CellKey;
  readonly contributions: readonly Contribution[];
}

/** Several contributions to one cell as one change. */
export interface CellChange {
  readonly counts: Counts;
  readonly firstSequence: string;
  readonly lastSequence: string;
  readonly asOfMs: number;
  readonly label?: string;
  readonly reporters?: ReadonlySet<string>;
  readonly sensors?: ReadonlySet<string>;
  readonly emptySensors?: ReadonlySet<string>;
  readonly soldHours?: ReadonlySet<string>;
  readonly seenHours?: ReadonlySet<string>;
}

/** Returns one text per cell, equal for equal keys. */
export function cellName(key: CellKey): string {
  const { scope } = key;
  const where = scope.kind === 'chain' ? 'chain' : `${scope.kind}:${scope.id}`;
  return `${where}#${key.dimension}#${key.grain}#${key.day}#${key.startMs ?? ''}#${key.member ?? ''}`;
}

/** Returns the key of the store's day itself, the one cell that stores which tills and sensors reported. */
export const dayKey = (storeId: StoreId, day: BusinessDay): CellKey => ({
  scope: { kind: 'store', id: storeId },
  dimension: 'all',
  day,
  grain: 'day',
});

/**
 * Returns the cells of a store as a whole that an instant of its business day belongs to: minute, hour and
 * day.
 */
export function keysAt(storeId: StoreId, day: BusinessDay, time: LocalTime): readonly CellKey[] {
  const whole = dayKey(storeId, day);
  return [
    { ...whole, grain: 'minute', startMs: minuteStartMs(time) },
    { ...whole, grain: 'hour', startMs: hourStartMs(time) },
    whole,
  ];
}

/**
 * Returns a collector of what one fact adds, in which each cell appears once. A later label replaces an
 * earlier one.
 */
export function cellCollector(): { add(addition: CellAddition): void; all(): CellAddition[] } {
  const cells = new Map<string, CellAddition>();
  return {
    add(addition) {
      const name = cellName(addition.key);
      const known = cells.get(name);
      cells.set(
        name,
        known === undefined
          ? addition
          : {
              ...known,
              ...addition,
              ...hoursOf(known, addition),
              counts: addCounts(known.counts, addition.counts),
            },
      );
    },
    all: () => [...cells.values()],
  };
}

/** The hours of two additions to one cell. */
const hoursOf = (a: CellAddition, b: CellAddition): Pick<CellAddition, 'soldHours' | 'seenHours'> =>
  Object.fromEntries(
    (['soldHours', 'seenHours'] as const).flatMap((name) => {
      const hours = [...new Set([...(a[name] ?? []), ...(b[name] ?? [])])];
      return hours.length === 0 ? [] : [[name, hours]];
    }),
  );

/** Returns the name of the wall clock's hour that an instant lies in: its beginning in UTC. */
export const hourName = (time: LocalTime): string => new Date(hourStartMs(time)).toISOString().slice(0, 16);

/**
 * Minutes are for looking at the last days closely. What arrives later than they are kept (a till that was offline for
 * weeks, an import of past years) adds to hours and days alone, which spares a back-fill a quarter of its writes.
 */
export const MINUTE_LATE_MS_MAX = 8 * DAY_MS;

const isTooLate = (key: CellKey, arrivedAtMs: number): boolean =>
  key.grain === 'minute' && arrivedAtMs - (key.startMs ?? 0) > MINUTE_LATE_MS_MAX;

/** Returns what each touched cell gains from facts, given in log order. */
export function fold(batch: readonly LoggedAdditions[]): CellDelta[] {
  const deltas = new Map<string, { key: CellKey; contributions: Contribution[] }>();
  for (const { cells, sequence, arrivedAtMs } of batch) {
    for (const { key, ...addition } of cells) {
      if (isTooLate(key, arrivedAtMs)) continue;
      const name = cellName(key);
      let delta = deltas.get(name);
      if (delta === undefined) {
        delta = { key, contributions: [] };
        deltas.set(name, delta);
      }
      delta.contributions.push({ sequence, arrivedAtMs, ...addition });
    }
  }
  return [...deltas.values()];
}

/** Returns the part of a delta above a position of the log, as one change; undefined where there is none. */
export function changeAfter(delta: CellDelta, sequence: string | undefined): CellChange | undefined {
  const fresh = delta.contributions.filter((one) => sequence === undefined || one.sequence > sequence);
  const first = fresh[0];
  const last = fresh.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const label = fresh.findLast((one) => one.label !== undefined)?.label;
  const reporters = new Set(fresh.flatMap((one) => one.reporter ?? []));
  const sensors = new Set(fresh.flatMap((one) => one.sensor ?? []));
  const emptySensors = new Set(fresh.flatMap((one) => one.emptySensor ?? []));
  const soldHours = new Set(fresh.flatMap((one) => one.soldHours ?? []));
  const seenHours = new Set(fresh.flatMap((one) => one.seenHours ?? []));
  return {
    counts: fresh.reduce<Counts>((sum, one) => addCounts(sum, one.counts), {}),
    firstSequence: first.sequence,
    lastSequence: last.sequence,
    asOfMs: fresh.reduce((newest, one) => Math.max(newest, one.arrivedAtMs), 0),
    ...(label === undefined ? {} : { label }),
    ...(reporters.size === 0 ? {} : { reporters }),
    ...(sensors.size === 0 ? {} : { sensors }),
    ...(emptySensors.size === 0 ? {} : { emptySensors }),
    ...(soldHours.size === 0 ? {} : { soldHours }),
    ...(seenHours.size === 0 ? {} : { seenHours }),
  };
}
