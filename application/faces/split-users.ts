/**
 * Parts two users that had been made one: the faces that were moved go back, and the log is told of every day on which the
 * one had been seen. Each step can be done again, so whoever was cut off runs it once more.
 */
import { visitorsParted } from '#contracts/events/events.ts';
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
  /** They were never made one with anybody, or are kept no more. */
  | { readonly kind: 'not merged' };

export async function splitUsers(
  ports: SplitUsersPorts,
  from: string,
  source: string,
): Promise<SplitOutcome> {
  const { index, store, log, pauses, nowMs } = ports;
  const alias = await store.alias(from);
  const [user] = await store.users([from]);
  if (alias === undefined || user === undefined) return { kind: 'not merged' };
  // First of all, so that no face that comes meanwhile makes them one again.
  await store.putAlias({ ...alias, state: 'parted' });
  await index.createUser(from);
  // A row names the one a face is going to, so one that a cut left between two users is found by it as well. Whoever the
  // other was merged into since has the faces now.
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
    throw new Error(`the log could not take that ${from} is not ${alias.into}`);
  }
  return { kind: 'parted', into: alias.into, faces: owners.size, days: entries.length };
}
