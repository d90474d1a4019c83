/**
 * Polls the service while the page is visible and online. Failures back off exponentially, so that a chain's screens do not
 * overload a recovering service.
 */

/** Receipts take about a second from till to figure, so polling more often would show nothing new. */
export const POLL_MS = 2_000;

export const POLL_MS_MAX = 30_000;

export type Round =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs?: number }
  /** Rejected, and reported by the round itself. Polled at the slowest rate, because a user's scope may change. */
  | { readonly kind: 'rejected' }
  /** Stops polling until `wake`. */
  | { readonly kind: 'suspended' };

export type PollState = 'live' | 'paused' | 'offline' | { readonly retrying: string };

export interface PageEnvironment {
  readonly isVisible: () => boolean;
  readonly isOnline: () => boolean;
  /** Calls back once after a delay, unless the returned function is called first. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export interface PollOptions {
  readonly round: (signal: AbortSignal) => Promise<Round>;
  readonly report: (state: PollState) => void;
  readonly environment: PageEnvironment;
}

export interface Poll {
  /** Aborts the current round and starts a new one; for a change of visibility, connectivity or scope. */
  wake(): void;
  stop(): void;
}

/** Returns the delay after a number of consecutive failures, in milliseconds. */
export const backoffMs = (failures: number, retryAfterMs = 0): number =>
  Math.min(POLL_MS_MAX, Math.max(POLL_MS * 2 ** Math.min(failures, 10), retryAfterMs));

/** Starts polling at once. */
export function startPoll({ round, report, environment }: PollOptions): Poll {
  let failures = 0;
  let cancelTimer = () => {};
  let current = new AbortController();

  async function run(): Promise<void> {
    cancelTimer();
    current.abort();
    const own = new AbortController();
    current = own;
    if (!environment.isOnline()) return report('offline');
    if (!environment.isVisible()) return report('paused');
    const outcome = await round(own.signal);
    if (own.signal.aborted || outcome.kind === 'suspended') return;
    if (outcome.kind === 'rejected') return schedule(POLL_MS_MAX);
    if (outcome.kind === 'done') {
      failures = 0;
      report('live');
      return schedule(POLL_MS);
    }
    failures++;
    report(environment.isOnline() ? { retrying: outcome.detail } : 'offline');
    schedule(backoffMs(failures, outcome.retryAfterMs));
  }

  function schedule(ms: number): void {
    cancelTimer = environment.after(ms, () => void run());
  }

  void run();
  return {
    wake: () => void run(),
    stop() {
      cancelTimer();
      current.abort();
    },
  };
}
