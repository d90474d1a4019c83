/**
 * How far a shard is done, when several lanes work on it at once.
 *
 * Lanes finish out of order, but a checkpoint is one number below which nothing is left to do. It
 * follows the oldest record that is still open.
 */

export interface Watermark {
  /** A record was handed to a lane. Called in the order of the shard. */
  opened(sequenceNumber: string): void;
  /** Records were handled for good. Answers the new watermark when this has moved it. */
  done(sequenceNumbers: readonly string[]): string | undefined;
  /** Records opened and not yet under the watermark. */
  openCount(): number;
}

export function watermark(): Watermark {
  // A map keeps the order of insertion, which is the order of the shard.
  const isDone = new Map<string, boolean>();
  return {
    opened: (sequenceNumber) => void isDone.set(sequenceNumber, false),
    done(sequenceNumbers) {
      for (const sequenceNumber of sequenceNumbers) isDone.set(sequenceNumber, true);
      let moved: string | undefined;
      for (const [sequenceNumber, done] of isDone) {
        if (!done) break;
        isDone.delete(sequenceNumber);
        moved = sequenceNumber;
      }
      return moved;
    },
    openCount: () => isDone.size,
  };
}
