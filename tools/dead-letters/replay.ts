/**
 * Dead letters back onto the log, after whatever stopped them has been mended.
 *
 * A letter whose tries were exhausted may be claimed already, and counted in some cells and not in others; sending it
 * again alone would be refused as a duplicate. So its store's day is counted anew from the facts behind it.
 */

import type { Letter, LetterStore } from '#adapters/dynamodb/letter-store.ts';
import { append, type Pauses } from '#adapters/kinesis/append.ts';
import type { EventLog, LogEntry } from '#adapters/kinesis/event-log.ts';
import { isFact, parseEvent, recountRequested } from '#contracts/events.ts';

export interface ReplayPorts {
  readonly letters: LetterStore;
  readonly log: EventLog;
  readonly pauses: Pauses;
  readonly nowMs: () => number;
}

export type Replayed =
  | { readonly kind: 'replayed'; readonly letter: Letter }
  /** Two bodies under one name. For a receipt the till has to send a return or a new one; sending this again changes nothing. */
  | { readonly kind: 'left'; readonly letter: Letter; readonly why: string }
  | { readonly kind: 'failed'; readonly letter: Letter; readonly why: string };

/** Replays what has not been replayed; a letter is marked only when the log holds it, so a broken replay is repeated without harm. */
export async function* replay(
  ports: ReplayPorts,
  isWanted: (letter: Letter) => boolean,
): AsyncGenerator<Replayed> {
  const letters: Letter[] = [];
  for await (const letter of ports.letters.list()) {
    if (letter.replayedAtMs === undefined && isWanted(letter)) letters.push(letter);
  }
  for (const letter of letters) {
    if (letter.why === 'conflict') {
      yield {
        kind: 'left',
        letter,
        why: 'another fact stands under its name; a receipt is corrected at the till, by a return',
      };
      continue;
    }
    const outcomes = await append(ports.log, entriesOf(letter, ports.nowMs()), ports.pauses);
    const refused = outcomes.find((outcome) => outcome.kind === 'refused');
    if (refused?.kind === 'refused') {
      yield { kind: 'failed', letter, why: `the log did not take it: ${refused.reason}` };
      continue;
    }
    await ports.letters.markReplayed(letter.sequence, ports.nowMs());
    yield { kind: 'replayed', letter };
  }
}

function entriesOf(letter: Letter, nowMs: number): LogEntry[] {
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
