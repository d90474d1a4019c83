/** What every event source mapping is given, and what it gives back. */
import type { Invocation } from '../lambda/invocation.ts';
import type { Clock } from '../servers/wire/clock.ts';

/** Runs the function the mapping feeds. */
export type Invoke = (event: unknown) => Promise<Invocation>;

export interface MappingDeps {
  readonly invoke: Invoke;
  /** The real clock, when left out. */
  readonly clock?: Clock;
  /** Told of what the mapping survives by trying again: a source that does not answer, a refused write. */
  readonly onTrouble?: (what: string, error: unknown) => void;
}

export interface Mapping {
  /** Stops polling and waits for the invocations that are under way. */
  close(): Promise<void>;
}
