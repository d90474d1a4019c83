/**
 * Appending until it is so: what a crowded shard refuses is tried again, with growing pauses, while the
 * caller waits. What is still refused at the end is told apart, and never called accepted.
 *
 * A record may be in the log although its answer was lost; it is then appended twice, and counted once.
 */
import type { Appended, EventLog, LogEntry } from '../ports/event-log.ts';

export const ATTEMPTS_MAX = 6;
const PAUSE_MS = 50;

export interface RetryClock {
  pause(ms: number): Promise<void>;
  /** 0 … 1, so that callers who were refused together do not come back together. */
  random(): number;
}

/** Appends entries; an outcome per entry, in their order. Throws nothing that a further attempt might mend. */
export async function append(
  log: EventLog,
  entries: readonly LogEntry[],
  pauses: RetryClock,
): Promise<Appended[]> {
  const outcomes: Appended[] = entries.map(() => ({ kind: 'refused', reason: 'not tried' }));
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

async function attempted(log: EventLog, entries: readonly LogEntry[]): Promise<Appended[]> {
  try {
    return await log.tryAppend(entries);
  } catch (error) {
    return entries.map(() => ({ kind: 'refused', reason: (error as Error).name }));
  }
}
