/**
 * Exact money. An amount is a whole number of ten-thousandths of the currency's unit, in a bigint: tills print up to
 * four decimals (fuel, wholesale, unit prices after tax), and a chain's yearly sales in Vietnamese dong or rupiah exceed
 * the whole numbers that a double holds exactly.
 */

/** An amount in ten-thousandths of the currency's unit: 2.55 is 25500n. */
export type Amount = bigint;

export const AMOUNT_DECIMALS_MAX = 4;

/** Twelve digits before the point: no till's price is longer, and a product of two stays far from any limit. */
const AMOUNT = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/;

/** Parses `2.55`, `-3`, `0.0001`; undefined for anything else, including exponents and a fifth decimal. */
export function parseAmount(text: string): Amount | undefined {
  const match = AMOUNT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const amount = BigInt(whole + fraction.padEnd(AMOUNT_DECIMALS_MAX, '0'));
  return sign === '-' ? -amount : amount;
}

/** Formats an amount with two to four decimals: 63048260620000n is `6304826062.00`. */
export function formatAmount(amount: Amount): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(AMOUNT_DECIMALS_MAX + 1, '0');
  const whole = digits.slice(0, -AMOUNT_DECIMALS_MAX);
  const fraction = digits.slice(-AMOUNT_DECIMALS_MAX).replace(/0{1,2}$/, '');
  return `${amount < 0n ? '-' : ''}${whole}.${fraction}`;
}

/**
 * Splits an amount in proportion to weights so that the parts add up to it exactly: each part is rounded down, and the
 * rest goes, one ten-thousandth each, to the largest remainders (Hare–Niemeyer), the earlier first where they tie.
 *
 * @param total ≥ 0
 * @param weights each ≥ 0; when all are 0 the first part takes everything
 */
export function allocate(total: Amount, weights: readonly bigint[]): Amount[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const parts = weights.map((weight) => (total * weight) / sum);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/**
 * Formats numerator ÷ denominator with a fixed number of decimals, rounded half away from zero.
 *
 * @throws RangeError where the denominator is 0
 */
export function formatQuotient(numerator: bigint, denominator: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const negative = numerator < 0n !== denominator < 0n && numerator !== 0n;
  const n = (numerator < 0n ? -numerator : numerator) * scale;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  const digits = rounded.toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return negative && rounded !== 0n ? `-${text}` : text;
}
