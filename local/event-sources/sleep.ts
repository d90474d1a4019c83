/** A sleep that an abort signal ends, so that a closing event source leaves no timer behind. */
import type { Clock } from '../servers/wire/clock.ts';

/** Resolves after the delay, or as soon as the signal is aborted. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const cancel = clock.at(clock.nowMs() + delayMs, wake);
    function wake(): void {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    }
    signal.addEventListener('abort', wake);
  });
}
