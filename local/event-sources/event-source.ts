/** What every event source is given to run, and how it is stopped. */
import type { Invocation } from '../lambda/invocation.ts';
import type { Clock } from '../servers/wire/clock.ts';

/** Runs the function that the source feeds. */
export type Invoke = (event: unknown) => Promise<Invocation>;

export interface EventSourceDeps {
  readonly invoke: Invoke;
  /** The system clock where absent. */
  readonly clock?: Clock;
  /** Reports failures that the source survives by retrying: an unreachable service, a rejected write. */
  readonly onError?: (what: string, error: unknown) => void;
}

export interface EventSource {
  /** Stops reading and waits for the invocations under way. */
  close(): Promise<void>;
}
