/**
 * How many pictures may be inside at a time, under way or waiting.
 *
 * An engine is slower than a network: without a bound a busy hour would pile pictures up in memory and answer each
 * later than the one before. The one too many is refused at once, which is what a caller can act on.
 */
import { tooMuchAtOnce } from './errors.ts';

export interface Admission {
  /** Does the work, or refuses it unread. */
  admit<T>(work: () => Promise<T>): Promise<T>;
}

export function createAdmission(picturesMax: number): Admission {
  let inside = 0;
  return {
    async admit(work) {
      if (inside >= picturesMax) throw tooMuchAtOnce();
      inside++;
      try {
        return await work();
      } finally {
        inside--;
      }
    },
  };
}
