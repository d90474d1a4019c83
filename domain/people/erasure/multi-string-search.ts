/**
 * Many texts looked for in one pass over another (Aho and Corasick, CACM 18(6), 1975): whoever was pushed for a year has two
 * thousand tokens, and a chain's receipts are gigabytes, so the time must not be the one times the other.
 */

/** Hears of every place at which one of the texts stands: which of them, and from where to where, the end not included. */
export type OnMatch = (index: number, from: number, to: number) => void;

/** @param needles none of them empty; one that stands twice is told twice */
export function createMatcher(needles: readonly string[]): (text: string, heard: OnMatch) => void {
  // Letters that occur in no needle are one class, so that the table stays as narrow as the needles are.
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
  return (text, heard) => {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      node = next[node * width + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
      for (let end = node; end > 0; end = shorter[end] ?? 0) {
        for (const index of endsAt[end] ?? []) {
          heard(index, at + 1 - (needles[index]?.length ?? 0), at + 1);
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
    if (needle === '') throw new Error('nothing is everywhere');
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
 * Lets every missing step lead where the longest end of what was read, that begins some needle, would go on; and says of each
 * node which shorter beginning that is.
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
