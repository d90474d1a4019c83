/** Waiting that can be called off, so that a mapping that closes leaves no alarm behind. */
import type { Clock } from '../servers/wire/clock.ts';

/** Resolves after the delay, or at once when the signal is, or gets, aborted. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const callOff = clock.at(clock.nowMs() + delayMs, wake);
    function wake(): void {
      callOff();
      signal.removeEventListener('abort', wake);
      resolve();
    }
    signal.addEventListener('abort', wake);
  });
}
