/**
 * Asks again and again while somebody is looking. A hidden page asks nothing, a page without a line waits for the
 * line, and a service in trouble is asked less and less often, so that a chain's screens do not keep it down.
 */

/** Receipts take about a second from till to figure; asking more often would show nothing new. */
export const POLL_MS = 2_000;

export const POLL_MS_MAX = 30_000;

export type Round =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs?: number }
  /** Refused, and told so already: asked again at the slowest pace, for what somebody may see does change. */
  | { readonly kind: 'refused' }
  /** Nothing to ask before something changes: waits to be woken. */
  | { readonly kind: 'pointless' };

export interface Surroundings {
  readonly isVisible: () => boolean;
  readonly isOnline: () => boolean;
  /** Calls back once after a time, unless the returned function is called first. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export interface PollParts {
  readonly round: (signal: AbortSignal) => Promise<Round>;
  readonly tell: (state: 'live' | 'paused' | 'offline' | { readonly retrying: string }) => void;
  readonly surroundings: Surroundings;
}

export interface Poll {
  /** Something has changed (seen again, online again, another store chosen): drops what is under way and asks now. */
  wake(): void;
  stop(): void;
}

/** How long to wait after so many failures in a row. */
export const waitMs = (failures: number, retryAfterMs = 0): number =>
  Math.min(POLL_MS_MAX, Math.max(POLL_MS * 2 ** Math.min(failures, 10), retryAfterMs));

export function startPoll({ round, tell, surroundings }: PollParts): Poll {
  let failures = 0;
  let cancelTimer = () => {};
  let current = new AbortController();

  async function run(): Promise<void> {
    cancelTimer();
    current.abort();
    const mine = new AbortController();
    current = mine;
    if (!surroundings.isOnline()) {
      tell('offline');
      return;
    }
    if (!surroundings.isVisible()) {
      tell('paused');
      return;
    }
    const outcome = await round(mine.signal);
    if (mine.signal.aborted) return;
    if (outcome.kind === 'pointless') return;
    if (outcome.kind === 'refused') {
      again(POLL_MS_MAX);
      return;
    }
    if (outcome.kind === 'done') {
      failures = 0;
      tell('live');
      again(POLL_MS);
      return;
    }
    failures++;
    tell(surroundings.isOnline() ? { retrying: outcome.detail } : 'offline');
    again(waitMs(failures, outcome.retryAfterMs));
  }

  function again(ms: number): void {
    cancelTimer = surroundings.after(ms, () => void run());
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
