/**
 * Replays dead letters: appends them to the event log again after their cause has been fixed.
 *
 * A letter whose retries were exhausted may already be claimed, and counted in some cells only. Its replay alone would be
 * dropped as a duplicate, so the store's business day is recounted from its facts as well.
 */

import { append, type RetryClock } from '#application/ingestion/append.ts';
import type { DeadLetter, DeadLetterStore } from '#application/ports/dead-letter-store.ts';
import type { EventLog, LogEntry } from '#application/ports/event-log.ts';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';

export interface ReplayPorts {
  readonly letters: DeadLetterStore;
  readonly log: EventLog;
  readonly pauses: RetryClock;
  readonly nowMs: () => number;
}

export type Replayed =
  | { readonly kind: 'replayed'; readonly letter: DeadLetter }
  /** A conflict: two bodies with one natural key. A replay cannot resolve it; `aisle conflicts settle` does. */
  | { readonly kind: 'skipped'; readonly letter: DeadLetter; readonly why: string }
  | { readonly kind: 'failed'; readonly letter: DeadLetter; readonly why: string };

/**
 * Replays the letters that have not been replayed yet and yields an outcome for each. A letter is marked only after the log
 * has stored it, so an interrupted replay can be repeated.
 *
 * @param isWanted selects the letters
 */
export async function* replay(
  ports: ReplayPorts,
  isWanted: (letter: DeadLetter) => boolean,
): AsyncGenerator<Replayed> {
  const letters: DeadLetter[] = [];
  for await (const letter of ports.letters.list()) {
    if (letter.replayedAtMs === undefined && isWanted(letter)) letters.push(letter);
  }
  for (const letter of letters) {
    if (letter.why === 'conflict') {
      yield {
        kind: 'skipped',
        letter,
        why: 'conflicts with a stored event of the same key; settle a receipt with: aisle conflicts list',
      };
      continue;
    }
    const outcomes = await append(ports.log, entriesOf(letter, ports.nowMs()), ports.pauses);
    const refused = outcomes.find((outcome) => outcome.kind === 'refused');
    if (refused?.kind === 'refused') {
      yield { kind: 'failed', letter, why: `the event log did not store it: ${refused.reason}` };
      continue;
    }
    await ports.letters.markReplayed(letter.sequence, ports.nowMs());
    yield { kind: 'replayed', letter };
  }
}

function entriesOf(letter: DeadLetter, nowMs: number): LogEntry[] {
  const again: LogEntry = { key: letter.storeId, bytes: letter.bytes };
  const parsed = parseEvent(letter.bytes);
  if (letter.why !== 'exhausted' || parsed.kind === 'unreadable' || !isFact(parsed.event)) return [again];
  const { store, businessDay } = parsed.event.data;
  const recount = recountRequested(
    store,
    businessDay,
    `recount/${letter.sequence}`,
    new Date(nowMs).toISOString(),
    '/tools/dead-letters',
  );
  return [again, { key: letter.storeId, bytes: Buffer.from(JSON.stringify(recount)) }];
}
