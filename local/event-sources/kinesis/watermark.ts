/**
 * The progress of a shard that several lanes deliver at once.
 *
 * Lanes finish out of order, but a checkpoint is one sequence number up to which everything is done. It
 * follows the oldest record that is still open.
 */

export interface Watermark {
  /** Adds a record that a lane received. Called in the order of the shard. */
  opened(sequenceNumber: string): void;
  /** Marks records as done and returns the new watermark where this moves it. */
  done(sequenceNumbers: readonly string[]): string | undefined;
  /** Returns the number of records above the watermark. */
  openCount(): number;
}

/** Returns a watermark without records. */
export function watermark(): Watermark {
  // A map keeps insertion order, which is the order of the shard.
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
