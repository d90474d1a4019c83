/**
 * The recipes that are compared: ours, and three that are in wide use. The others are here to be caught; a simulation
 * that finds nothing wrong with them would find nothing wrong with anything.
 */
import type { LogRecord } from '#application/ports/event-log.ts';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import { changeAfter, fold, type LoggedAdditions } from '#domain/place/figures/fold.ts';
import { cellsOfReport } from '#domain/place/figures/visit-cells.ts';
import { factOf } from '#functions/count-events/fact-of-event.ts';
import type { MemoryCellStore } from '../support/memory-cell-store.ts';

export const RECIPES = ['ours', 'naive add', 'batch token', 'lone sequence guard'] as const;
export type Recipe = (typeof RECIPES)[number];

function factsIn(records: readonly LogRecord[]): LoggedAdditions[] {
  return records.flatMap(({ bytes, sequence, arrivedAtMs }) => {
    const parsed = parseEvent(bytes);
    if (parsed.kind === 'unreadable') return [];
    const { event } = parsed;
    if (event.type === SIGHTING_RECORDED) {
      const { store, businessDay, sensor } = event.data;
      return [{ cells: cellsOfReport(store, businessDay, sensor), sequence, arrivedAtMs }];
    }
    return isFact(event) ? [{ cells: factOf(event).cells(), sequence, arrivedAtMs }] : [];
  });
}

type Calls = <Port extends object>(port: Port) => Port;

/** ADD, record by record, whatever comes. */
export async function naiveAdd(
  cells: MemoryCellStore,
  records: readonly LogRecord[],
  calls: Calls,
): Promise<void> {
  const port = calls({
    add: async (...args: Parameters<MemoryCellStore['addUnguarded']>) => cells.addUnguarded(...args),
  });
  for (const logged of factsIn(records)) {
    for (const delta of fold([logged])) {
      const change = changeAfter(delta, undefined);
      if (change !== undefined) await port.add(delta.key, change);
    }
  }
}

/** One transaction per batch, with a token made of the batch's first and last place. */
export async function batchToken(
  cells: MemoryCellStore,
  tokens: Set<string>,
  records: readonly LogRecord[],
  calls: Calls,
): Promise<void> {
  const port = calls({
    transact: async (token: string) => {
      if (tokens.has(token)) return;
      tokens.add(token);
      for (const delta of fold(factsIn(records))) {
        const change = changeAfter(delta, undefined);
        if (change !== undefined) cells.addUnguarded(delta.key, change);
      }
    },
  });
  await port.transact(`${records[0]?.sequence} ${records.at(-1)?.sequence}`);
}

/** The guard without the claim: exact under every crash, wrong as soon as a till sends twice. */
export async function loneGuard(
  cells: MemoryCellStore,
  records: readonly LogRecord[],
  calls: Calls,
): Promise<void> {
  const port = calls({ add: cells.add });
  for (const delta of fold(factsIn(records))) {
    let counted: string | undefined;
    for (let tries = 0; tries < 4; tries++) {
      const change = changeAfter(delta, counted);
      if (change === undefined) break;
      const outcome = await port.add(delta.key, change);
      if (outcome.kind === 'added') break;
      counted = outcome.sequence;
    }
  }
}
