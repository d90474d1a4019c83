/**
 * A person is forgotten: collected, deleted, searched for.
 *
 * It is done in rounds, each a message of the queue, and each may die anywhere and come again. Nothing is deleted before a
 * message says what is known; then the doors are closed, and a minute is let go by for whatever had just come in; whatever is
 * new after that starts it over. Rows go when nothing new comes any more, then everything is searched; and only a search
 * that finds nothing ends it.
 */

import type { ErasureStore } from '#application/ports/erasure-store.ts';
import type { ErasureQueue } from '#application/ports/queues.ts';
import type { ErasureWork } from '#contracts/http/erasures.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import {
  hasMore,
  mergeIdentifiers,
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
  readonly moments: CollectPorts['moments'] & RemovePorts['moments'];
  readonly push: RemovePorts['push'];
  readonly tracker: SearchPorts['tracker'];
  readonly index: CollectPorts['index'] & RemovePorts['index'] & SearchPorts['index'];
  readonly aliases: CollectPorts['aliases'] & RemovePorts['aliases'];
  readonly rows: RemovePorts['rows'];
  readonly erasures: Pick<ErasureStore, 'get' | 'save' | 'unmark'>;
  readonly queue: ErasureQueue;
  readonly markOf: (personId: PersonId) => Promise<string>;
  /** A keyed hash of a text, of letters and digits. */
  readonly pseudonym: (secret: string, text: string) => string;
  readonly fingerprintOf: (data: string) => string;
}

export type ErasureRound =
  | {
      readonly kind: 'handed on';
      readonly why: 'more is known' | 'doors closed' | 'a visit goes on' | 'no time';
    }
  | { readonly kind: 'done' }
  /** It was done before, or nobody asked for it. */
  | { readonly kind: 'over' };

/** Functions that had begun before the doors were closed are done by then, and the log has been read. */
export const SETTLE_SECONDS = 60;

/** A visit is over a quarter of an hour after it ends, and counted a moment later. */
export const VISIT_SECONDS = 300;

/** What holds up the end of a visit for longer than two hours must not hold this up for ever. */
const VISIT_WAITED_MS_MAX = 2 * 3_600_000;

/** Each round but those that wait or search changes something for good; more than this would hide a bug. */
const ROUNDS_MAX = 500;

/** Something is left of somebody. Says where, and never of whom. */
export class ErasureIncompleteError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'ErasureIncompleteError';
  }
}

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
  const { known: all, anew } = await collectIdentifiers(ports, person, before, erasure.askedAtMs);
  if (work.known === undefined || hasMore(all, before)) {
    await queue.send({ ...next, known: all }, 0);
    return { kind: 'handed on', why: 'more is known' };
  }
  const { closedAtMs, searched = [] } = work;
  const forgetting = forgettingOf(ports, withoutIdentifiers(all, anew), erasure.secret);
  if (closedAtMs === undefined) {
    await erasures.save({ ...erasure, state: 'erasing' });
    await revokeAccess(ports, forgetting.identifiers);
    await queue.send({ ...next, known: all, closedAtMs: nowMs() }, SETTLE_SECONDS);
    return { kind: 'handed on', why: 'doors closed' };
  }
  const isPatient = nowMs() - closedAtMs < VISIT_WAITED_MS_MAX;
  if (isPatient && !(await areVisitsOver(ports, forgetting))) {
    await queue.send({ ...next, known: all, closedAtMs }, VISIT_SECONDS);
    return { kind: 'handed on', why: 'a visit goes on' };
  }
  await removeRows(ports, forgetting);

  const search = await searchEverywhere(ports, forgetting, searched);
  if (search.kind === 'begun') {
    await queue.send({ ...next, known: all, closedAtMs, searched: search.progress }, 0);
    return { kind: 'handed on', why: 'no time' };
  }
  const leftIn = search.places.filter(({ found }) => found > 0);
  if (leftIn.length > 0) {
    // What came in while it was searched is no remainder: it is theirs and goes, or it is somebody else's and stays.
    const later = await collectIdentifiers(ports, person, all, erasure.askedAtMs);
    if (hasMore(later.known, all) || hasMore(mergeIdentifiers(later.anew), anew)) {
      await queue.send({ ...next, known: later.known }, 0);
      return { kind: 'handed on', why: 'more is known' };
    }
    await erasures.save({ ...erasure, state: 'incomplete', leftIn });
    const where = leftIn.map(({ place, kinds }) => `${place} (${kinds.join(', ')})`).join('; ');
    throw new ErasureIncompleteError(`erasure ${work.erasure}: something is left in ${where}`);
  }
  const doneAtMs = nowMs();
  const { erasureId, askedAtMs } = erasure;
  const usedAnew = (anew.phone?.length ?? 0) + (anew.member?.length ?? 0);
  const receipt = receiptOf(search.places, usedAnew, doneAtMs);
  await erasures.save({ erasureId, askedAtMs, state: 'done', doneAtMs, receipt });
  await erasures.unmark(await ports.markOf(person));
  return { kind: 'done' };
}

const forgettingOf = (
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
