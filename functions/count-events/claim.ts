/** Claims the facts of one store under their natural keys, and stores as dead letters what cannot be claimed. */
import { createHash } from 'node:crypto';
import type { DeadLetterReason, DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { FactStore } from '#application/ports/fact-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { LoggedAdditions } from '#domain/place/figures/fold.ts';
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

interface Claimed {
  readonly accepted: LoggedAdditions[];
  readonly duplicates: number;
  readonly deadLetters: number;
}

/** Claims facts of one store; the accepted ones keep the order of the log. */
export async function claimAll(ports: ClaimPorts, run: readonly LoggedFact[]): Promise<Claimed> {
  // Of two facts of one name in a batch the first must win, but claims run concurrently: the first of each name are
  // claimed concurrently, and the repeats after them, one by one.
  const seen = new Set<string>();
  const firsts: LoggedFact[] = [];
  const repeats: LoggedFact[] = [];
  for (const one of run) {
    const name = `${one.fact.day}#${one.fact.name}`;
    (seen.has(name) ? repeats : firsts).push(one);
    seen.add(name);
  }
  const claimed = [
    ...(await mapConcurrent(firsts, WRITES_AT_ONCE_MAX, (one) => claim(ports, one))),
    ...(await mapConcurrent(repeats, 1, (one) => claim(ports, one))),
  ];
  return {
    accepted: claimed.flatMap((one) => (one.kind === 'accepted' ? [one.logged] : [])),
    duplicates: claimed.filter((one) => one.kind === 'duplicate').length,
    deadLetters: claimed.filter((one) => one.kind === 'dead letter').length,
  };
}

type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly logged: LoggedAdditions }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'dead letter' };

async function claim(ports: ClaimPorts, { record, id, fact }: LoggedFact): Promise<ClaimOutcome> {
  const { sequence, arrivedAtMs } = record;
  const outcome = await ports.facts.claim({
    storeId: record.key as StoreId,
    day: fact.day,
    name: fact.name,
    sequence,
    arrivedAtMs,
    fingerprint: createHash('sha256').update(fact.data).digest('hex'),
    data: fact.data,
  });
  switch (outcome.kind) {
    case 'claimed':
      return { kind: 'accepted', logged: { cells: fact.cells(), sequence, arrivedAtMs } };
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'conflict':
      await storeDeadLetter(ports, record, 'conflict', `another ${fact.what} has the id ${id}`);
      return { kind: 'dead letter' };
    case 'unstorable':
      await storeDeadLetter(ports, record, 'unstorable', outcome.reason);
      return { kind: 'dead letter' };
  }
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
