/**
 * Time as the local servers read it.
 *
 * Visibility timeouts, long polls and throttles are promises about time. A test moves a clock of its own;
 * a server that read the machine's could only be tested by sleeping.
 */
export interface Clock {
  /** Returns milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `action` at `atMs` or later, never before this call returns. Returns a function that cancels it. */
  at(atMs: number, action: () => void): () => void;
}

/** The machine's clock. Its timers never keep a process alive: an open socket does. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  at(atMs, action) {
    const timer = setTimeout(action, Math.max(0, atMs - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
