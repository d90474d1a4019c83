/**
 * Somebody is to be forgotten: written down without their name, and handed to the queue. Asked twice it is one erasure, and a
 * request that was cut off between the two is finished by the next.
 */
import type { Erasure, ErasureStore } from '#adapters/dynamodb/erasure-store.ts';
import type { PersonStore } from '#adapters/dynamodb/person-store.ts';
import type { ErasureQueue } from '#adapters/sqs/erasure-queue.ts';
import type { ErasureAnswer } from '#contracts/erasures.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { type Identifier, type IdentifierKind, identifierOf, isPersonId } from '#domain/people/person.ts';

export interface AskErasurePorts {
  readonly people: Pick<PersonStore, 'find' | 'load'>;
  readonly erasures: Pick<ErasureStore, 'begin' | 'underWay'>;
  readonly queue: ErasureQueue;
  readonly markOf: (personId: PersonId) => Promise<string>;
  readonly newErasureId: () => string;
  readonly newSecret: () => string;
  readonly nowMs: () => number;
}

export type Asked =
  | { readonly kind: 'asked'; readonly erasure: Erasure }
  /** No such person, or no longer. */
  | { readonly kind: 'nobody' }
  /** Neither the id of a person nor one of the other two. */
  | { readonly kind: 'no id' };

/** How a person may be named in an address. A telephone number may not: addresses are written to logs. */
const PREFIXES: readonly IdentifierKind[] = ['member', 'device'];

export async function askErasure(ports: AskErasurePorts, id: string): Promise<Asked> {
  if (!isPersonId(id) && identifierIn(id) === undefined) return { kind: 'no id' };
  const personId = await personOf(ports, id);
  if (personId === undefined) return { kind: 'nobody' };
  const mark = await ports.markOf(personId);
  const isThere = (await ports.people.load(personId)) !== undefined;
  // Halfway through they are no person any more, and are being forgotten still.
  const underWay = isThere ? undefined : await ports.erasures.underWay(mark);
  if (!isThere && underWay === undefined) return { kind: 'nobody' };
  const erasure =
    underWay ??
    (await ports.erasures.begin(mark, {
      erasureId: ports.newErasureId(),
      secret: ports.newSecret(),
      askedAtMs: ports.nowMs(),
    }));
  // Once it has begun to delete, the message that is under way knows more than a new one could find.
  if (erasure.state === 'asked') {
    await ports.queue.send({ erasure: erasure.erasureId, person: personId, round: 0 }, 0);
  }
  return { kind: 'asked', erasure };
}

function identifierIn(id: string): Identifier | undefined {
  const kind = PREFIXES.find((one) => id.startsWith(`${one}:`));
  return kind && identifierOf(kind, id.slice(kind.length + 1));
}

async function personOf({ people }: AskErasurePorts, id: string): Promise<PersonId | undefined> {
  if (isPersonId(id)) return id;
  const identifier = identifierIn(id);
  return identifier && (await people.find(identifier));
}

const timeText = (ms: number): string => new Date(ms).toISOString();

export const writtenErasure = ({
  erasureId,
  state,
  askedAtMs,
  doneAtMs,
  leftIn = [],
  receipt,
}: Erasure): ErasureAnswer => ({
  erasure: erasureId,
  state,
  askedAt: timeText(askedAtMs),
  doneAt: doneAtMs === undefined ? null : timeText(doneAtMs),
  leftIn: leftIn.map((place) => ({ ...place, kinds: [...place.kinds] })),
  receipt: receipt ?? null,
});
