/** Groups the reasons for which rows and receipts are refused: without the values in them, so that a thousand are one line. */

/** A file with more kinds of faults than this is another kind of file. */
const REASONS_MAX = 50;
const OTHERS = 'other reasons';

/** Returns a reason without line numbers, quoted values and counts. */
export const reasonKind = (reason: string): string =>
  reason
    .replace(/^(?:line \d+: )+/, '')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\bline \d+/g, 'a line')
    .replace(/\/\d+\//g, '/…/')
    .replace(/\d+(?:\.\d+)?/g, 'N');

/** Adds a reason to counts by kind. */
export function addReason(counts: Record<string, number>, reason: string): void {
  const kind = reasonKind(reason);
  const name = kind in counts || Object.keys(counts).length < REASONS_MAX ? kind : OTHERS;
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Returns the reasons as lines of a summary, the most frequent first. */
export const reasonLines = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `    ${count.toLocaleString('en')} × ${reason}\n`)
    .join('');
