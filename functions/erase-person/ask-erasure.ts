/**
 * Somebody is to be forgotten: written down without their name, and handed to the queue. Asked twice it is one erasure, and a
 * request that was cut off between the two is finished by the next.
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

/** The erasure of a person; undefined where there is no such person, or no longer. */
export async function requestErasure(
  ports: RequestErasurePorts,
  personId: PersonId,
): Promise<Erasure | undefined> {
  const { people, erasures, queue } = ports;
  const mark = await ports.markOf(personId);
  const isThere = (await people.load(personId)) !== undefined;
  const erasure = isThere
    ? await erasures.begin(mark, {
        erasureId: ports.newErasureId(),
        secret: ports.newSecret(),
        askedAtMs: ports.nowMs(),
      })
    : // Halfway through they are no person any more, and are being forgotten still.
      await erasures.underWay(mark);
  // Once it has begun to delete, the message that is under way knows more than a new one could find.
  if (erasure?.state === 'asked') {
    await queue.send({ erasure: erasure.erasureId, person: personId, round: 0 }, 0);
  }
  return erasure;
}

const timeText = (ms: number): string => new Date(ms).toISOString();

export const erasureResponse = ({
  erasureId,
  state,
  askedAtMs,
  doneAtMs,
  leftIn = [],
  receipt,
}: Erasure): ErasureResponse => ({
  erasure: erasureId,
  state,
  askedAt: timeText(askedAtMs),
  doneAt: doneAtMs === undefined ? null : timeText(doneAtMs),
  leftIn: leftIn.map((place) => ({ ...place, kinds: [...place.kinds] })),
  receipt: receipt ?? null,
});
