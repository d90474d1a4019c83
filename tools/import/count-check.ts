/**
 * Reads what became of accepted receipts: counted, in conflict with another body of their number, or not counted yet.
 * "Accepted" only means that the log has a receipt; it is counted a moment later, and a number that was used before is not.
 *
 * Receipts wait here from their acceptance until they are counted. They are looked up in the facts by their name, on their own
 * business day and the ones beside it, under which a receipt that was sent before may be stored.
 */
import { bodiesOfDay } from '#application/figures/receipt-facts.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import { receiptOfData } from '#contracts/events/receipt-closed.ts';
import { addDays } from '#domain/chain/business-day.ts';
import type { StandingBody } from '#domain/place/figures/conflict.ts';
import { factName } from '#domain/place/figures/fact-key.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { contentOf } from '#domain/place/figures/receipt-content.ts';

export interface CountCheckPorts {
  readonly facts: Pick<FactStore, 'find' | 'ofDay'>;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
}

/** A receipt that was accepted and is excluded from the figures. */
export interface ConflictedReceipt {
  readonly receipt: Receipt;
}

export interface CountCheck {
  /** Adds an accepted receipt. */
  add(receipt: Receipt): void;
  /** Looks up waiting receipts, if enough have gathered. */
  look(): Promise<void>;
  /**
   * Looks until every receipt is counted or in conflict, or until none has been for `patienceMs`.
   *
   * @param onProgress called with the number of receipts that were looked up successfully
   */
  finish(patienceMs: number, onProgress: (counted: number) => void): Promise<void>;
  readonly counted: () => number;
  readonly waiting: () => number;
  readonly conflicts: () => readonly ConflictedReceipt[];
}

/** Receipts of one look-up: a hundred per request of the database. */
const LOOKED_UP_MAX = 1_000;
/** Receipts that wait before they are looked up during the import; bounds memory. */
const GATHERED_MIN = 20_000;
const PAUSE_MS = 1_000;

/** Creates a check without receipts: a list of short methods over what waits. */
export function createCountCheck({ facts, nowMs, wait, stop }: CountCheckPorts): CountCheck {
  let waiting: Receipt[] = [];
  let counted = 0;
  const conflicts: ConflictedReceipt[] = [];
  const days = new Map<string, Promise<StandingBody[]>>();

  /** Returns the receipts of one store that are not stored yet. */
  async function lookUp(receipts: readonly Receipt[]): Promise<Receipt[]> {
    const [first] = receipts;
    if (first === undefined) return [];
    const keys = receipts.flatMap((receipt) =>
      [-1, 0, 1].map((shift) => ({
        day: addDays(receipt.businessDay, shift),
        name: factName.receipt(receipt.tillId, receipt.receiptNo),
      })),
    );
    const found = await facts.find(first.storeId, keys);
    const byName = Map.groupBy(
      found.map(({ data }) => receiptOfData(JSON.parse(data))),
      nameOf,
    );
    const left: Receipt[] = [];
    for (const receipt of receipts) {
      const stored = byName.get(nameOf(receipt)) ?? [];
      const content = contentOf(receipt);
      if (stored.some((one) => contentOf(one) === content)) counted++;
      else if (stored.length === 0) left.push(receipt);
      else await settle(receipt, content, stored, left);
    }
    return left;
  }

  /** Decides about a receipt whose number is stored with another body. */
  async function settle(
    receipt: Receipt,
    content: string,
    stored: readonly Receipt[],
    left: Receipt[],
  ): Promise<void> {
    for (const { storeId, businessDay } of stored) {
      const name = `${storeId}#${businessDay}`;
      const bodies = await (days.get(name) ?? bodiesOfDay(facts, storeId, businessDay));
      days.set(name, Promise.resolve(bodies));
      const body = bodies.find(
        (one) =>
          one.bodyId !== undefined && contentOf({ ...one.receipt, receiptNo: receipt.receiptNo }) === content,
      );
      if (body === undefined) continue;
      counted++;
      if (body.standing !== 'counted') conflicts.push({ receipt });
      return;
    }
    left.push(receipt);
  }

  async function lookAll(): Promise<void> {
    days.clear();
    const open = waiting;
    waiting = [];
    const left: Receipt[] = [];
    for (const ofStore of Map.groupBy(open, ({ storeId }) => storeId).values()) {
      for (let start = 0; start < ofStore.length; start += LOOKED_UP_MAX) {
        left.push(...(await lookUp(ofStore.slice(start, start + LOOKED_UP_MAX))));
      }
    }
    waiting = [...left, ...waiting];
  }

  return {
    add: (receipt) => void waiting.push(receipt),
    async look() {
      if (waiting.length >= GATHERED_MIN) await lookAll();
    },
    async finish(patienceMs, onProgress) {
      let progressAtMs = nowMs();
      while (waiting.length > 0 && !stop.aborted) {
        const before = waiting.length;
        await lookAll();
        onProgress(counted);
        if (waiting.length === 0) return;
        if (waiting.length < before) progressAtMs = nowMs();
        if (nowMs() - progressAtMs > patienceMs) return;
        await wait(PAUSE_MS);
      }
    },
    counted: () => counted,
    waiting: () => waiting.length,
    conflicts: () => conflicts,
  };
}

const nameOf = ({ storeId, tillId, receiptNo }: Receipt): string => `${storeId}#${tillId}#${receiptNo}`;
