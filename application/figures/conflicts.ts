/**
 * Conflicts of receipts: several bodies under one number. They are listed with both bodies and their amounts, and settled by an
 * event, by which the day is counted again.
 */
import { type ConflictId, conflictSettled } from '#contracts/events/conflict-settled.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { RECEIPT_CLOSED } from '#contracts/events/receipt-closed.ts';
import { addDays, type BusinessDay } from '#domain/chain/business-day.ts';
import type { ReceiptNo, StoreId, TillId } from '#domain/chain/ids.ts';
import {
  type Choice,
  conflictName,
  type Standing,
  type StandingBody,
} from '#domain/place/figures/conflict.ts';
import { factName } from '#domain/place/figures/fact-key.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { append, type RetryClock } from '../ingestion/append.ts';
import type { DeadLetterStore } from '../ports/dead-letter-store.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { FactStore } from '../ports/fact-store.ts';
import { bodiesOfDay } from './receipt-facts.ts';

export interface ListConflictsPorts {
  readonly letters: Pick<DeadLetterStore, 'list'>;
  readonly facts: Pick<FactStore, 'ofDay'>;
}

/** Two bodies under one receipt number. */
export interface Conflict {
  readonly id: ConflictId;
  /** The body that arrived first. */
  readonly first: Receipt;
  readonly second: Receipt;
  /** How the second body stands now; `excluded` until the conflict is settled. */
  readonly standing: Standing;
  readonly arrivedAtMs: number;
}

/**
 * Returns the conflicts of the dead letters, in the order of their arrival.
 *
 * @param isWanted selects the stores
 */
export async function listConflicts(
  { letters, facts }: ListConflictsPorts,
  isWanted: (storeId: StoreId) => boolean,
): Promise<Conflict[]> {
  const days = new Map<string, Promise<StandingBody[]>>();
  const bodiesOn = (storeId: StoreId, day: BusinessDay): Promise<StandingBody[]> => {
    const name = `${storeId}#${day}`;
    const bodies = days.get(name) ?? bodiesOfDay(facts, storeId, day);
    days.set(name, bodies);
    return bodies;
  };
  const found = new Map<string, Conflict>();
  for await (const letter of letters.list()) {
    const storeId = letter.storeId as StoreId;
    // Where the retries ran out after a conflict was found, its dead letter says so in place of the conflict.
    const mayConflict = letter.why === 'conflict' || letter.why === 'exhausted';
    if (!mayConflict || !isWanted(storeId)) continue;
    const parsed = parseEvent(letter.bytes);
    if (parsed.kind === 'unreadable' || parsed.event.type !== RECEIPT_CLOSED) continue;
    const { till, receiptNo, businessDay } = parsed.event.data;
    // The first body may be stored under the business day before or after this one.
    for (const day of [-1, 0, 1].map((shift) => addDays(businessDay, shift))) {
      const bodies = await bodiesOn(storeId, day);
      for (const conflict of conflictsOf(bodies, { storeId, day, tillId: till, receiptNo })) {
        found.set(conflictName.body(conflict.id) + day, conflict);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.arrivedAtMs - b.arrivedAtMs);
}

function conflictsOf(
  bodies: readonly StandingBody[],
  { storeId, day, tillId, receiptNo }: Omit<ConflictId, 'bodyId'>,
): Conflict[] {
  const first = bodies.find(
    ({ bodyId, receipt }) =>
      bodyId === undefined && receipt.tillId === tillId && receipt.receiptNo === receiptNo,
  );
  if (first === undefined) return [];
  return bodies.flatMap(({ receipt, bodyId, standing, arrivedAtMs, originalNo }) =>
    bodyId === undefined || receipt.tillId !== tillId || originalNo !== receiptNo
      ? []
      : [
          {
            id: { storeId, day, tillId: tillId as TillId, receiptNo: receiptNo as ReceiptNo, bodyId },
            first: first.receipt,
            second: receipt,
            standing,
            arrivedAtMs,
          },
        ],
  );
}

export interface SettleConflictPorts {
  readonly facts: Pick<FactStore, 'find'>;
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export type SettleOutcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'unknown' }
  /** The event stream did not take the decision; it can be made again. */
  | { readonly kind: 'not accepted' };

/**
 * Appends the decision about a conflict to the event log.
 *
 * @param by who decided, for the record
 */
export async function settleConflict(
  { facts, log, pauses, nowMs }: SettleConflictPorts,
  id: ConflictId,
  choice: Choice,
  by: string,
): Promise<SettleOutcome> {
  const keys = [conflictName.body(id), factName.receipt(id.tillId, id.receiptNo)].map((name) => ({
    day: id.day,
    name,
  }));
  const stored = await facts.find(id.storeId, keys);
  if (stored.length < keys.length) return { kind: 'unknown' };
  const time = new Date(nowMs()).toISOString();
  const event = conflictSettled(id, choice, { by, time, source: `/stores/${id.storeId}/conflicts` });
  const bytes = Buffer.from(JSON.stringify(event));
  const [outcome] = await append(log, [{ key: id.storeId, bytes }], pauses);
  return { kind: outcome?.kind === 'durable' ? 'settled' : 'not accepted' };
}
