/** Claims the facts of one store under their natural keys, and stores as dead letters what cannot be claimed. */
import { createHash } from 'node:crypto';
import type { DeadLetterReason, DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { Fact, FactStore, FactWithDay, StoredFact } from '#application/ports/fact-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { ConflictSettled } from '#contracts/events/conflict-settled.ts';
import { receiptData, receiptOfData } from '#contracts/events/receipt-closed.ts';
import { addDays, type BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { formatAmount } from '#domain/chain/money.ts';
import { conflictName, excludedCells } from '#domain/place/figures/conflict.ts';
import type { LoggedAdditions } from '#domain/place/figures/fold.ts';
import { type Receipt, totalOf } from '#domain/place/figures/receipt.ts';
import { contentOf } from '#domain/place/figures/receipt-content.ts';
import type { FactOfEvent } from './fact-of-event.ts';

export interface ClaimPorts {
  readonly facts: FactStore;
  readonly deadLetters: DeadLetterStore;
  readonly nowMs: () => number;
}

/** Concurrent writes, over all stores of a batch. */
export const WRITES_AT_ONCE_MAX = 48;

export interface LoggedFact {
  readonly record: LogRecord;
  /** The event's id, by which an operator finds it. */
  readonly id: string;
  readonly fact: FactOfEvent;
}

export interface Claimed {
  readonly accepted: LoggedAdditions[];
  /** Accepted facts; the additions also hold what excluded receipts add beside the figures. */
  readonly claimed: number;
  readonly duplicates: number;
  readonly deadLetters: number;
}

/** Claims facts of one store; the accepted ones keep the order of the log. */
export async function claimAll(ports: ClaimPorts, run: readonly LoggedFact[]): Promise<Claimed> {
  // Of two facts of one name in a batch the first must win, but claims run concurrently: the first of each name are
  // claimed concurrently, and the repeats after them, one by one. A receipt's name is the same on any business day.
  const seen = new Set<string>();
  const firsts: LoggedFact[] = [];
  const repeats: LoggedFact[] = [];
  for (const one of run) {
    const name = one.fact.receipt === undefined ? `${one.fact.day}#${one.fact.name}` : one.fact.name;
    (seen.has(name) ? repeats : firsts).push(one);
    seen.add(name);
  }
  const neighbours = await neighboursOf(ports, firsts);
  const claimed = [
    ...(await mapConcurrent(firsts, WRITES_AT_ONCE_MAX, (one) => claim(ports, one, neighbours))),
    ...(await mapConcurrent(repeats, 1, async (one) => claim(ports, one, await neighboursOf(ports, [one])))),
  ];
  return summaryOf(claimed);
}

/** Returns the accepted facts of claims, and how many others there are. */
export const summaryOf = (claimed: readonly ClaimOutcome[]): Claimed => ({
  accepted: claimed.flatMap((one) => ('logged' in one ? [one.logged] : [])),
  claimed: claimed.filter((one) => one.kind === 'accepted').length,
  duplicates: claimed.filter((one) => one.kind === 'duplicate').length,
  deadLetters: claimed.filter((one) => one.kind === 'excluded' || one.kind === 'dead letter').length,
});

export type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly logged: LoggedAdditions }
  | { readonly kind: 'duplicate' }
  /** Another body of a receipt, or a count that overlaps others: counted beside the figures, and stored as a dead letter. */
  | { readonly kind: 'excluded'; readonly logged: LoggedAdditions }
  | { readonly kind: 'dead letter' };

/** Facts of the business days before and after a receipt's own, by their name. */
type Neighbours = ReadonlyMap<string, readonly FactWithDay[]>;

/**
 * Returns the receipts of the neighbouring business days under the same till and number. The business day is part of a
 * receipt's name and depends on settings (day cut, time zone) and on the till's `businessDay`; when one of them changes, a
 * receipt that is sent again would otherwise count on both days.
 */
async function neighboursOf(ports: ClaimPorts, run: readonly LoggedFact[]): Promise<Neighbours> {
  const receipts = run.filter(({ fact }) => fact.receipt !== undefined);
  const [first] = receipts;
  if (first === undefined) return new Map();
  const keys = receipts.flatMap(({ fact: { day, name } }) => [
    { day: addDays(day, -1), name },
    { day: addDays(day, 1), name },
  ]);
  const found = await ports.facts.find(first.record.key as StoreId, keys);
  return Map.groupBy(found, ({ name }) => name);
}

/** Claims one fact; `neighbours` hold the receipts of the days around it. */
export async function claim(
  ports: ClaimPorts,
  logged: LoggedFact,
  neighbours: Neighbours,
): Promise<ClaimOutcome> {
  const { record, fact } = logged;
  const { sequence, arrivedAtMs } = record;
  const { receipt } = fact;
  const sameInstant =
    receipt &&
    neighbours
      .get(fact.name)
      ?.find(
        ({ sequence: before, data }) =>
          before < sequence &&
          receiptOfData(JSON.parse(data)).closedAt.instantMs === receipt.closedAt.instantMs,
      );
  if (receipt !== undefined && sameInstant !== undefined) return compare(ports, logged, receipt, sameInstant);
  const outcome = await ports.facts.claim(toFact(record, fact.day, fact.name, fact.data));
  switch (outcome.kind) {
    case 'claimed':
      return { kind: 'accepted', logged: { cells: fact.cells(), sequence, arrivedAtMs } };
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'conflict':
      if (receipt !== undefined) return compare(ports, logged, receipt, outcome.existing);
      await storeDeadLetter(ports, record, 'conflict', `another ${fact.what} has the id ${logged.id}`);
      return { kind: 'dead letter' };
    case 'unstorable':
      await storeDeadLetter(ports, record, 'unstorable', outcome.reason);
      return { kind: 'dead letter' };
  }
}

/** Decides about a receipt whose number is stored with another body: a duplicate where both count alike, else a conflict. */
async function compare(
  ports: ClaimPorts,
  { record, id }: LoggedFact,
  receipt: Receipt,
  existing: StoredFact,
): Promise<ClaimOutcome> {
  const first = receiptOfData(JSON.parse(existing.data));
  if (contentOf(first) === contentOf(receipt)) return { kind: 'duplicate' };
  const body: Receipt = { ...receipt, businessDay: first.businessDay };
  const name = conflictName.body({ ...body, bodyId: bodyIdOf(receipt) });
  const { sequence, arrivedAtMs } = record;
  const data = JSON.stringify(receiptData(body));
  const outcome = await ports.facts.claim(toFact(record, body.businessDay, name, data));
  // The same conflicting body again, perhaps with its payments in another order: it is known already.
  if (outcome.kind === 'duplicate' || outcome.kind === 'conflict') return { kind: 'duplicate' };
  const sums = amountsOf(first, receipt);
  await storeDeadLetter(ports, record, 'conflict', `another receipt has the id ${id}: ${sums}`);
  if (outcome.kind === 'unstorable') return { kind: 'dead letter' };
  return { kind: 'excluded', logged: { cells: excludedCells(body), sequence, arrivedAtMs } };
}

const amountsOf = (first: Receipt, second: Receipt): string =>
  `${formatAmount(totalOf(first))} is counted, ${formatAmount(totalOf(second))} is excluded`;

const BODY_ID_LENGTH = 16;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const bodyIdOf = (receipt: Receipt): string => hashOf(contentOf(receipt)).slice(0, BODY_ID_LENGTH);

const toFact = (
  { key, sequence, arrivedAtMs }: LogRecord,
  day: BusinessDay,
  name: string,
  data: string,
): Fact => ({ storeId: key as StoreId, day, name, sequence, arrivedAtMs, fingerprint: hashOf(data), data });

/** Stores a decision about a conflict as a fact, under its position in the log. */
export async function claimSettlement(
  ports: ClaimPorts,
  record: LogRecord,
  data: ConflictSettled,
): Promise<void> {
  const { till, receiptNo, body, businessDay } = data;
  const name = conflictName.settlement({ tillId: till, receiptNo, bodyId: body }, record.sequence);
  await ports.facts.claim(toFact(record, businessDay, name, JSON.stringify(data)));
}

/** Stores a record as a dead letter. */
export function storeDeadLetter(
  ports: ClaimPorts,
  record: LogRecord,
  why: DeadLetterReason,
  reason: string,
): Promise<void> {
  return ports.deadLetters.keep({
    sequence: record.sequence,
    why,
    reason,
    storeId: record.key,
    bytes: record.bytes,
    arrivedAtMs: record.arrivedAtMs,
    keptAtMs: ports.nowMs(),
  });
}
