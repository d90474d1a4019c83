/**
 * Chance that can be repeated: the same seed tells the same story, so a demonstration looks alike on every
 * laptop and a test can say what comes out. sfc32 by Chris Doty-Humphrey (PractRand), public domain.
 */

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, both ends counted. */
  between(min: number, max: number): number;
  isTrue(probability: number): boolean;
  /** One of several, each as often as its weight says. */
  pick<T>(items: readonly T[], weightOf?: (item: T) => number): T;
}

/** Numbers thrown away at first, until the seed's bits have spread. */
const WARM_UP = 12;

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
      // Rounding may leave a hair's breadth after the last item, which is then the one.
      const item = found ?? items.at(-1);
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}

/** FNV-1a over the text's code units, begun differently for each word of the state. */
function hash(text: string, salt: number): number {
  let sum = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b9);
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return sum | 0;
}
