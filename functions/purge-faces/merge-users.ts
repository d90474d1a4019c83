/**
 * Makes one user of two that several frames have shown to be one person. Done by notice and not by the frame that proved
 * it: every step can be done again, and the queue brings the notice back until the last one is done.
 *
 * The row of the alias comes first. It says what was moved, so that a person can have the two parted again; what a person
 * has parted, no face makes one again.
 */

import { moveFaces } from '#application/faces/move-faces.ts';
import { append, type RetryClock } from '#application/ingestion/append.ts';
import type { EventLog } from '#application/ports/event-log.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import { visitorsMerged } from '#contracts/events/visitor-merged.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { mergeOf } from '#domain/people/faces/merge-evidence.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';

export interface MergePorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export interface MergeNotice {
  readonly store: StoreId;
  readonly from: string;
  readonly into: string;
}

/** `refused`: they may not be one, or a person has parted them. `gone`: one of them is kept no more. */
export type MergeOutcome = 'merged' | 'merged before' | 'refused' | 'gone';

const SOURCE = '/functions/purge-faces';

export async function mergeUsers(ports: MergePorts, notice: MergeNotice): Promise<MergeOutcome> {
  const { index, store, log, pauses, nowMs } = ports;
  const { from, into } = notice;
  const known = await store.alias(from);
  const reverse = await store.alias(into);
  if (known?.state === 'merged') return 'merged before';
  const isParted = known?.state === 'parted' && known.into === into;
  const isReverseParted = reverse?.state === 'parted' && reverse.into === from;
  if (isParted || isReverseParted) return 'refused';
  const users = await store.users([from, into]);
  const source = users.find(({ userId }) => userId === from);
  const target = users.find(({ userId }) => userId === into);
  if (source === undefined || target === undefined) return 'gone';

  let alias = known?.state === 'merging' && known.into === into ? known : undefined;
  if (alias === undefined) {
    if (mergeOf(source, target)?.into.userId !== into) return 'refused';
    const { faceIds, seenOn } = source;
    alias = { from, into, storeId: notice.store, faceIds, seenOn, mergedAtMs: nowMs(), state: 'merging' };
    await store.putAlias(alias);
  }
  await moveFaces({ index, store }, alias.faceIds, from, into);
  await store.setMergedInto(from, into);
  await index.deleteUser(from);
  for (const on of alias.seenOn) {
    if (target.kind === 'visitor') await store.seen(into, on, source.lastSeenAtMs);
  }
  const time = new Date(alias.mergedAtMs).toISOString();
  const entries = alias.seenOn.map(({ storeId, day }) => {
    const event = visitorsMerged(storeId, day, visitorOfUser(from), visitorOfUser(into), time, SOURCE);
    return { key: storeId, bytes: Buffer.from(JSON.stringify(event)) };
  });
  const outcomes = await append(log, entries, pauses);
  if (outcomes.some(({ kind }) => kind !== 'durable')) {
    throw new Error(`the log could not take that ${from} is ${into}`);
  }
  await store.putAlias({ ...alias, state: 'merged' });
  return 'merged';
}
