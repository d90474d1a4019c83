/**
 * The limit of pictures in the server at a time, processing or waiting.
 *
 * The engine is slower than the network. Without a limit a busy hour would queue pictures in memory, each
 * answered later than the one before; a picture beyond the limit is rejected at once, so that the client can
 * retry later.
 */
import { throughputExceeded } from './errors.ts';

export interface Admission {
  /** Runs `work` and returns its result. Rejects with ProvisionedThroughputExceededException at the limit. */
  admit<T>(work: () => Promise<T>): Promise<T>;
}

/** Returns an admission for at most `picturesMax` pictures at a time. */
export function createAdmission(picturesMax: number): Admission {
  let admitted = 0;
  return {
    async admit(work) {
      if (admitted >= picturesMax) throw throughputExceeded();
      admitted++;
      try {
        return await work();
      } finally {
        admitted--;
      }
    },
  };
}
