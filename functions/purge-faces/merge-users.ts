/**
 * Merges two face users that several frames have shown to be one person. It runs from a queue and not in the frame that
 * proved it: every step can be repeated, and the queue delivers the notice again until the last one is done.
 *
 * The alias row is written first. It records what was moved, so that staff can part the two again; users that staff have
 * parted are never merged again by their faces.
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

/** `rejected`: the two may not be merged, or staff have parted them. `gone`: one of them was deleted. */
export type MergeOutcome = 'merged' | 'merged before' | 'rejected' | 'gone';

const SOURCE = '/functions/purge-faces';

/** Merges the user `from` into the user `into`, and publishes the merge for every store and day of `from`. */
export async function mergeUsers(ports: MergePorts, notice: MergeNotice): Promise<MergeOutcome> {
  const { index, store, log, pauses, nowMs } = ports;
  const { from, into } = notice;
  const existing = await store.alias(from);
  const reverse = await store.alias(into);
  if (existing?.state === 'merged') return 'merged before';
  const isParted = existing?.state === 'parted' && existing.into === into;
  const isReverseParted = reverse?.state === 'parted' && reverse.into === from;
  if (isParted || isReverseParted) return 'rejected';
  const users = await store.users([from, into]);
  const source = users.find(({ userId }) => userId === from);
  const target = users.find(({ userId }) => userId === into);
  if (source === undefined || target === undefined) return 'gone';

  let alias = existing?.state === 'merging' && existing.into === into ? existing : undefined;
  if (alias === undefined) {
    if (mergeOf(source, target)?.into.userId !== into) return 'rejected';
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
    throw new Error(`the merge of ${from} into ${into} could not be published`);
  }
  await store.putAlias({ ...alias, state: 'merged' });
  return 'merged';
}
