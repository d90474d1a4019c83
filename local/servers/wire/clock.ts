/**
 * Time as the local servers see it.
 *
 * Visibility timeouts, long polls and throttles are all promises about time, so a test must be able to
 * say what time it is; a server that asked the machine could only be tested by sleeping.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `action` once `atMs` has come, and never before this call has returned. Answers how to call it off. */
  at(atMs: number, action: () => void): () => void;
}

/** The machine's own clock. Its timers never keep a process alive: an open socket is what does. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  at(atMs, action) {
    const timer = setTimeout(action, Math.max(0, atMs - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
