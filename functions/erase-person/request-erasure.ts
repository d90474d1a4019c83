/**
 * Requests the erasure of a customer: it is stored without their id and sent to the queue. A repeated request returns the
 * same erasure, and completes one that crashed between the two steps.
 */
import type { Erasure, ErasureStore } from '#application/ports/erasure-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { ErasureQueue } from '#application/ports/queues.ts';
import type { ErasureResponse } from '#contracts/http/erasures.ts';
import type { PersonId } from '#domain/chain/ids.ts';

export interface RequestErasurePorts {
  readonly people: Pick<PersonStore, 'load'>;
  readonly erasures: Pick<ErasureStore, 'begin' | 'underWay'>;
  readonly queue: ErasureQueue;
  readonly markOf: (personId: PersonId) => Promise<string>;
  readonly newErasureId: () => string;
  readonly newSecret: () => string;
  readonly nowMs: () => number;
}

/** Returns the erasure of a person; undefined where there is no such person, or no longer. */
export async function requestErasure(
  ports: RequestErasurePorts,
  name: PersonId,
): Promise<Erasure | undefined> {
  const { people, erasures, queue } = ports;
  const person = await people.load(name);
  // A former id of a merged record leads to the one that goes on.
  const personId = person?.personId ?? name;
  const mark = await ports.markOf(personId);
  const erasure = person
    ? await erasures.begin(mark, {
        erasureId: ports.newErasureId(),
        secret: ports.newSecret(),
        requestedAtMs: ports.nowMs(),
      })
    : // Halfway through an erasure the person's rows are gone already.
      await erasures.underWay(mark);
  // Once deletion has begun, the message in flight holds identifiers that a new one could not collect any more.
  if (erasure?.state === 'requested') {
    await queue.send({ erasure: erasure.erasureId, person: personId, round: 0 }, 0);
  }
  return erasure;
}

const timeText = (ms: number): string => new Date(ms).toISOString();

/** Returns an erasure as the API represents it. */
export const erasureResponse = ({
  erasureId,
  state,
  requestedAtMs,
  completedAtMs,
  remaining = [],
  receipt,
}: Erasure): ErasureResponse => ({
  erasure: erasureId,
  state,
  requestedAt: timeText(requestedAtMs),
  completedAt: completedAtMs === undefined ? null : timeText(completedAtMs),
  remaining: remaining.map((place) => ({ ...place, kinds: [...place.kinds] })),
  receipt: receipt ?? null,
});
