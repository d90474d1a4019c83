/**
 * Seeded pseudo-random numbers: the same seed gives the same sequence, so demonstrations and tests are reproducible.
 *
 * @see sfc32 by Chris Doty-Humphrey (PractRand), public domain
 */

export interface Random {
  /** Returns a number 0 ≤ x < 1. */
  next(): number;
  /** Returns a whole number from min to max, both included. */
  between(min: number, max: number): number;
  /** Returns true with a probability, 0 … 1. */
  isTrue(probability: number): boolean;
  /** Returns one of the items, with a probability in proportion to its weight. Throws a RangeError without items. */
  pick<T>(items: readonly T[], weightOf?: (item: T) => number): T;
}

/** Numbers discarded at the start, until the bits of the seed are mixed. */
const WARM_UP = 12;

/** Creates a generator from a seed. */
export function seededRandom(seed: string): Random {
  let [a, b, c, d] = [hash(seed, 1), hash(seed, 2), hash(seed, 3), 1];

  function next(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  }

  for (let round = 0; round < WARM_UP; round++) next();

  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    isTrue: (probability) => next() < probability,
    pick(items, weightOf = () => 1) {
      let left = next() * items.reduce((sum, item) => sum + weightOf(item), 0);
      const found = items.find((item) => {
        left -= weightOf(item);
        return left < 0;
      });
      // A rounding error may leave a remainder after the last item, which is then picked.
      const item = found ?? items.at(-1);
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}

/** Returns the FNV-1a hash of the text's code units, salted differently for each word of the state. */
function hash(text: string, salt: number): number {
  let sum = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b9);
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return sum | 0;
}
