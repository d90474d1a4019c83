/** A dead letter store in memory; the first dead letter of a sequence number is kept. */
import type { DeadLetter, DeadLetterStore } from '#application/ports/dead-letter-store.ts';

export function memoryDeadLetterStore(): DeadLetterStore {
  const letters = new Map<string, DeadLetter>();
  return {
    async keep(letter) {
      const known = letters.get(letter.sequence);
      const isReplaced = known?.why === 'conflict' && letter.why === 'exhausted';
      if (known === undefined || isReplaced) letters.set(letter.sequence, letter);
    },
    async *list() {
      for (const sequence of [...letters.keys()].sort()) {
        const letter = letters.get(sequence);
        if (letter !== undefined) yield letter;
      }
    },
    async markReplayed(sequence, replayedAtMs) {
      const letter = letters.get(sequence);
      if (letter === undefined) throw new Error(`no letter at ${sequence}`);
      letters.set(sequence, { ...letter, replayedAtMs });
    },
  };
}
