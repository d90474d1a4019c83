/**
 * Erases a person: collects their identifiers, deletes, and verifies by a search of everything.
 *
 * An erasure runs in rounds, each a message of the queue, and each may crash anywhere and be delivered again. Nothing is
 * deleted before a message holds the identifiers; then access is revoked, and a minute passes for requests in flight; an
 * identifier that is new after that starts over. Rows are deleted once no new ones appear, then everything is searched; only
 * a search that finds nothing ends the erasure.
 */
import type { Erasure, ErasureStore } from '#application/ports/erasure-store.ts';
import type { ErasureQueue } from '#application/ports/queues.ts';
import type { ErasureWork } from '#contracts/http/erasures.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import type { SearchedPlace } from '#domain/people/erasure/erasure.ts';
import {
  hasMore,
  mergeIdentifiers,
  type PartialIdentifiers,
  withoutIdentifiers,
} from '#domain/people/erasure/personal-identifiers.ts';
import type { ErasureContext } from '#domain/people/erasure/row-policy.ts';
import { createTraceFinder } from '#domain/people/erasure/trace-finder.ts';
import { type CollectPorts, collectIdentifiers } from './collect.ts';
import { receiptOf } from './receipt.ts';
import { areVisitsOver, type RemovePorts, removeRows, revokeAccess } from './remove.ts';
import { type SearchPorts, searchEverywhere } from './search.ts';

export interface ErasePersonPorts extends CollectPorts, Omit<RemovePorts, 'faces'>, SearchPorts {
  readonly faces: CollectPorts['faces'] & RemovePorts['faces'];
  readonly people: CollectPorts['people'] & RemovePorts['people'];
  readonly pushDecisions: CollectPorts['pushDecisions'] & RemovePorts['pushDecisions'];
  readonly push: RemovePorts['push'];
  readonly tracker: SearchPorts['tracker'];
  readonly index: CollectPorts['index'] & RemovePorts['index'] & SearchPorts['index'];
  readonly aliases: CollectPorts['aliases'] & RemovePorts['aliases'];
  readonly rows: RemovePorts['rows'];
  readonly erasures: Pick<ErasureStore, 'get' | 'save' | 'unmark'>;
  readonly queue: ErasureQueue;
  readonly markOf: (personId: PersonId) => Promise<string>;
  /** Returns a keyed hash of a text, of letters and digits. */
  readonly pseudonym: (secret: string, text: string) => string;
  readonly fingerprintOf: (data: string) => string;
}

export type ErasureRound =
  | {
      readonly kind: 'continued';
      readonly why: 'new identifiers' | 'access revoked' | 'visit in progress' | 'out of time';
    }
  | { readonly kind: 'done' }
  /** It was completed before, or never requested. */
  | { readonly kind: 'over' };

/** By then, functions that started before access was revoked have ended and their events are consumed. */
export const SETTLE_SECONDS = 60;

/** A visit is closed a quarter of an hour after the last sighting, and counted shortly after. */
export const VISIT_SECONDS = 300;

/** A visit that stays open for longer, by a fault, must not block the erasure for ever. */
const VISIT_WAITED_MS_MAX = 2 * 3_600_000;

/** Every round that neither waits nor searches makes progress; more rounds would hide a bug. */
const ROUNDS_MAX = 500;

/** An erasure that failed or left something behind. The message says where, and never of which person. */
export class ErasureIncompleteError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'ErasureIncompleteError';
  }
}

/**
 * Runs one round of an erasure, and sends the message of the next.
 *
 * @throws ErasureIncompleteError where the final search still finds something
 */
export async function eraseRound(ports: ErasePersonPorts, work: ErasureWork): Promise<ErasureRound> {
  const { erasures, queue, nowMs } = ports;
  const { person, round } = work;
  const erasure = await erasures.get(work.erasure);
  if (erasure?.secret === undefined) {
    await erasures.unmark(await ports.markOf(person));
    return { kind: 'over' };
  }
  if (round >= ROUNDS_MAX)
    throw new ErasureIncompleteError(`erasure ${work.erasure} has not ended after ${round} rounds`);
  const next = { erasure: work.erasure, person, round: round + 1 };

  const before = work.known ?? {};
  const { all, reused } = await collectIdentifiers(ports, person, before, erasure.requestedAtMs);
  if (work.known === undefined || hasMore(all, before)) {
    await queue.send({ ...next, known: all }, 0);
    return { kind: 'continued', why: 'new identifiers' };
  }
  const { closedAtMs, searched = [] } = work;
  const context = contextOf(ports, withoutIdentifiers(all, reused), erasure.secret);
  if (closedAtMs === undefined) {
    await erasures.save({ ...erasure, state: 'erasing' });
    await revokeAccess(ports, context.identifiers);
    await queue.send({ ...next, known: all, closedAtMs: nowMs() }, SETTLE_SECONDS);
    return { kind: 'continued', why: 'access revoked' };
  }
  const mayWait = nowMs() - closedAtMs < VISIT_WAITED_MS_MAX;
  if (mayWait && !(await areVisitsOver(ports, context))) {
    await queue.send({ ...next, known: all, closedAtMs }, VISIT_SECONDS);
    return { kind: 'continued', why: 'visit in progress' };
  }
  await removeRows(ports, context);

  const search = await searchEverywhere(ports, context, searched);
  if (search.kind === 'partial') {
    await queue.send({ ...next, known: all, closedAtMs, searched: search.progress }, 0);
    return { kind: 'continued', why: 'out of time' };
  }
  if (search.places.some(({ found }) => found > 0)) {
    // A row created during the search is no remainder: either it is the person's and is deleted, or another person's and stays.
    const later = await collectIdentifiers(ports, person, all, erasure.requestedAtMs);
    if (hasMore(later.all, all) || hasMore(mergeIdentifiers(later.reused), reused)) {
      await queue.send({ ...next, known: later.all }, 0);
      return { kind: 'continued', why: 'new identifiers' };
    }
  }
  await complete(ports, erasure, person, { places: search.places, reused });
  return { kind: 'done' };
}

/** Stores the receipt of an erasure, or reports what is left. */
async function complete(
  { erasures, markOf, nowMs }: ErasePersonPorts,
  erasure: Erasure,
  person: PersonId,
  { places, reused }: { readonly places: readonly SearchedPlace[]; readonly reused: PartialIdentifiers },
): Promise<void> {
  const { erasureId, requestedAtMs } = erasure;
  const remaining = places.filter(({ found }) => found > 0);
  if (remaining.length > 0) {
    await erasures.save({ ...erasure, state: 'incomplete', remaining });
    const where = remaining.map(({ place, kinds }) => `${place} (${kinds.join(', ')})`).join('; ');
    throw new ErasureIncompleteError(`erasure ${erasureId}: traces are left in ${where}`);
  }
  const completedAtMs = nowMs();
  const reusedCount = (reused.phone?.length ?? 0) + (reused.member?.length ?? 0);
  const receipt = receiptOf(places, reusedCount, completedAtMs);
  await erasures.save({ erasureId, requestedAtMs, state: 'done', completedAtMs, receipt });
  await erasures.unmark(await markOf(person));
}

const contextOf = (
  { pseudonym, fingerprintOf, nowMs }: ErasePersonPorts,
  identifiers: ErasureContext['identifiers'],
  secret: string,
): ErasureContext => ({
  identifiers,
  findTraces: createTraceFinder(identifiers),
  pseudonymOf: (text) => pseudonym(secret, text),
  fingerprintOf,
  nowMs: nowMs(),
});
