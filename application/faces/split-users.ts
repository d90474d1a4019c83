/**
 * Splits two merged users: the moved faces go back, and an event is published for every day on which the user had been
 * seen. Every step is idempotent, so an interrupted split is simply run again.
 */
import { visitorsParted } from '#contracts/events/visitor-merged.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';
import { append, type RetryClock } from '../ingestion/append.ts';
import type { EventLog } from '../ports/event-log.ts';
import { type FaceUserPorts, moveFaces } from './move-faces.ts';

export interface SplitUsersPorts extends FaceUserPorts {
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export type SplitOutcome =
  | { readonly kind: 'parted'; readonly into: string; readonly faces: number; readonly days: number }
  /** The user was never merged, or is no longer stored. */
  | { readonly kind: 'not merged' };

/**
 * Splits a user from the one it was merged into and publishes the split.
 *
 * @param source the event source: the operator or tool that requested the split
 * @throws Error if the log rejects one of the events
 */
export async function splitUsers(
  ports: SplitUsersPorts,
  from: string,
  source: string,
): Promise<SplitOutcome> {
  const { index, store, log, pauses, nowMs } = ports;
  const alias = await store.alias(from);
  const [user] = await store.users([from]);
  if (alias === undefined || user === undefined) return { kind: 'not merged' };
  // First, so that no face that arrives meanwhile merges them again.
  await store.putAlias({ ...alias, state: 'parted' });
  await index.createUser(from);
  // A face's row names the user it moves to, so a face that a crash left between two users is found as well. If the other
  // user was merged again since, the faces are with the target of that merge.
  const owners = await store.usersOfFaces(alias.faceIds);
  for (const [faceId, owner] of owners) {
    const holder = owner === from ? alias.into : owner;
    await moveFaces({ index, store }, [faceId], holder, from);
  }
  await store.setMergedInto(from, undefined);
  const time = new Date(nowMs()).toISOString();
  const entries = alias.seenOn.map(({ storeId, day }) => {
    const event = visitorsParted(storeId, day, visitorOfUser(from), visitorOfUser(alias.into), time, source);
    return { key: storeId, bytes: Buffer.from(JSON.stringify(event)) };
  });
  const outcomes = await append(log, entries, pauses);
  if (outcomes.some(({ kind }) => kind !== 'durable')) {
    throw new Error(`the log rejected the split of ${from} from ${alias.into}`);
  }
  return { kind: 'parted', into: alias.into, faces: owners.size, days: entries.length };
}
