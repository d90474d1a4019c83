/**
 * Appends to the event log with retries: entries that a throttled shard rejects are retried with growing pauses, while
 * the caller waits. Entries that are still rejected after the last attempt are reported as such, never as accepted.
 *
 * A record may be in the log although its response was lost; it is then appended twice and counted once.
 */
import type { AppendOutcome, EventLog, LogEntry } from '../ports/event-log.ts';

export const ATTEMPTS_MAX = 6;
const PAUSE_MS = 50;

export interface RetryClock {
  pause(ms: number): Promise<void>;
  /** 0–1; jitter, so that callers that were throttled together do not retry together. */
  random(): number;
}

/** Appends entries and returns an outcome per entry, in their order. Failures of the log are outcomes, not exceptions. */
export async function append(
  log: EventLog,
  entries: readonly LogEntry[],
  pauses: RetryClock,
): Promise<AppendOutcome[]> {
  const outcomes: AppendOutcome[] = entries.map(() => ({ kind: 'refused', reason: 'not tried' }));
  let open = entries.map((_, index) => index);
  for (let attempt = 0; attempt < ATTEMPTS_MAX && open.length > 0; attempt++) {
    if (attempt > 0) await pauses.pause(PAUSE_MS * 2 ** (attempt - 1) * (0.5 + pauses.random() / 2));
    const tried = await attempted(
      log,
      open.flatMap((index) => entries[index] ?? []),
    );
    open.forEach((index, place) => {
      outcomes[index] = tried[place] ?? { kind: 'refused', reason: 'no answer' };
    });
    open = open.filter((index) => outcomes[index]?.kind === 'refused');
  }
  return outcomes;
}

async function attempted(log: EventLog, entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
  try {
    return await log.tryAppend(entries);
  } catch (error) {
    return entries.map(() => ({ kind: 'refused', reason: (error as Error).name }));
  }
}
