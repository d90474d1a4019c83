/**
 * Multi-string search after Aho and Corasick (CACM 18(6), 1975): finds many texts in one pass over another. A customer who
 * got pushes for a year has two thousand tokens, and a chain's receipts are gigabytes, so the time must not grow with their
 * product.
 */

/** Called for each match with the index of the needle and its range in the text, the end excluded. */
export type OnMatch = (index: number, from: number, to: number) => void;

/**
 * Returns a function that reports every match of the needles in a text, overlapping ones included.
 *
 * @param needles a needle that is listed twice is reported twice
 * @throws Error where a needle is empty
 */
export function createMatcher(needles: readonly string[]): (text: string, onMatch: OnMatch) => void {
  // All characters that occur in no needle share one class, which keeps the transition table narrow.
  const classes = new Map<number, number>();
  for (const needle of needles)
    for (let at = 0; at < needle.length; at++) {
      const code = needle.charCodeAt(at);
      if (!classes.has(code)) classes.set(code, classes.size + 1);
    }
  const width = classes.size + 1;
  const classOf = new Uint16Array(CODES);
  for (const [code, of] of classes) classOf[code] = of;

  const { next, endsAt } = trieOf(needles, classOf, width);
  const shorter = closeTrie(next, width);
  return (text, onMatch) => {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      node = next[node * width + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
      for (let end = node; end > 0; end = shorter[end] ?? 0) {
        for (const index of endsAt[end] ?? []) {
          onMatch(index, at + 1 - (needles[index]?.length ?? 0), at + 1);
        }
      }
    }
  };
}

/** UTF-16 code units. */
const CODES = 65_536;
const NOWHERE = -1;

function trieOf(needles: readonly string[], classOf: Uint16Array, width: number) {
  const nodesMax = needles.reduce((sum, { length }) => sum + length, 1);
  const next = new Int32Array(nodesMax * width).fill(NOWHERE);
  const endsAt: Array<number[] | undefined> = [];
  let nodes = 1;
  needles.forEach((needle, index) => {
    if (needle === '') throw new Error('needles must not be empty');
    let node = 0;
    for (let at = 0; at < needle.length; at++) {
      const edge = node * width + (classOf[needle.charCodeAt(at)] ?? 0);
      if (next[edge] === NOWHERE) next[edge] = nodes++;
      node = next[edge] ?? 0;
    }
    endsAt[node] = [...(endsAt[node] ?? []), index];
  });
  return { next, endsAt };
}

/**
 * Fills each missing transition with that of the failure link: the longest proper suffix of the node that is a prefix of
 * some needle. Returns the failure link of each node.
 */
function closeTrie(next: Int32Array, width: number): Int32Array {
  const shorter = new Int32Array(next.length / width);
  const queue = [0];
  for (const node of queue) {
    for (let of = 0; of < width; of++) {
      const edge = node * width + of;
      const fallen = node === 0 ? 0 : (next[(shorter[node] ?? 0) * width + of] ?? 0);
      const child = next[edge] ?? NOWHERE;
      if (child === NOWHERE) next[edge] = fallen;
      else {
        shorter[child] = fallen;
        queue.push(child);
      }
    }
  }
  return shorter;
}
