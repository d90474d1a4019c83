/**
 * Figures come as exact decimals in texts, and stay texts until they are on the screen: a yearly figure in dong
 * leaves the range in which a double counts every whole number, and a screen that is a cent off is not believed.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** U+2212, as wide as the figures beside it, which a hyphen is not. */
const MINUS = '\u2212';

/** Digits stand in threes in both languages of the app, so the grouping needs no locale. */
const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ',');

interface Parts {
  readonly isNegative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

function partsOf(decimal: string): Parts {
  const match = DECIMAL.exec(decimal);
  if (match === null) throw new RangeError(`not a decimal: ${decimal}`);
  return { isNegative: match[1] === '-', whole: match[2] ?? '0', fraction: match[3] ?? '' };
}

const joined = ({ isNegative, whole, fraction }: Parts): string =>
  `${isNegative ? MINUS : ''}${grouped(whole)}${fraction === '' ? '' : `.${fraction}`}`;

/** Rounds to a fixed number of decimals, half away from zero, on the digits themselves. */
export function roundDecimal(decimal: string, decimals: number): string {
  const { isNegative, whole, fraction } = partsOf(decimal);
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  const up = (fraction[decimals] ?? '0') >= '5' ? 1n : 0n;
  const digits = (BigInt(whole + kept) + up).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return isNegative && /[1-9]/.test(digits) ? `-${text}` : text;
}

/** Moves the point to the right: 0.0834 by two places is 8.34. */
export function shiftDecimal(decimal: string, places: number): string {
  const { isNegative, whole, fraction } = partsOf(decimal);
  const digits = whole + fraction.padEnd(places, '0');
  const point = whole.length + places;
  const shifted = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(point);
  return `${isNegative ? '-' : ''}${shifted}${rest === '' ? '' : `.${rest}`}`;
}

/** The sum of decimals, exact. */
export function addDecimals(a: string, b: string): string {
  const [left, right] = [partsOf(a), partsOf(b)];
  const decimals = Math.max(left.fraction.length, right.fraction.length);
  const scaled = ({ isNegative, whole, fraction }: Parts): bigint => {
    const size = BigInt(whole + fraction.padEnd(decimals, '0'));
    return isNegative ? -size : size;
  };
  const sum = scaled(left) + scaled(right);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return sum < 0n ? `-${text}` : text;
}

/** A count: 12,345. A fraction that is not zero is shown, for it would be a fault worth seeing. */
export function formatCount(decimal: string): string {
  const parts = partsOf(decimal);
  return joined({ ...parts, fraction: parts.fraction.replace(/0+$/, '') });
}

/** A ratio as a percentage with one decimal: 0.8345 is 83.5 %. */
export const formatPercent = (decimal: string): string =>
  `${joined(partsOf(roundDecimal(shiftDecimal(decimal, 2), 1)))}%`;

/** A quotient with a fixed number of decimals. */
export const formatRounded = (decimal: string, decimals: number): string =>
  joined(partsOf(roundDecimal(decimal, decimals)));

interface Currency {
  readonly symbol: string;
  readonly decimals: number;
}

const currencies = new Map<string, Currency>();

/** A currency's sign and its usual decimals; a code that `Intl` does not know is its own sign, with two. */
function currencyOf(code: string): Currency {
  let currency = currencies.get(code);
  if (currency === undefined) {
    currency = currencyFromIntl(code);
    currencies.set(code, currency);
  }
  return currency;
}

function currencyFromIntl(code: string): Currency {
  try {
    const format = new Intl.NumberFormat('en', {
      style: 'currency',
      currency: code,
      currencyDisplay: 'narrowSymbol',
    });
    const sign = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? code;
    return {
      // Letters need air before the digits, signs do not.
      symbol: /[A-Za-z]$/.test(sign) ? `${sign}\u00A0` : sign,
      decimals: format.resolvedOptions().maximumFractionDigits ?? 2,
    };
  } catch {
    return { symbol: `${code}\u00A0`, decimals: 2 };
  }
}

/**
 * A sum of money, never rounded: at least the currency's decimals, and more where the amount has more
 * (a till may sell at four). ¥1,234.50; −¥12.3456.
 */
export function formatMoney(decimal: string, code: string): string {
  const { symbol, decimals } = currencyOf(code);
  const { isNegative, whole, fraction } = partsOf(decimal);
  const needed = fraction.replace(/0+$/, '');
  const shown = needed.length > decimals ? needed : needed.padEnd(decimals, '0');
  return `${isNegative ? MINUS : ''}${symbol}${joined({ isNegative: false, whole, fraction: shown })}`;
}

/** A quotient of money (an average), rounded to the currency's decimals: it has no exact end of its own. */
export const formatMoneyRounded = (decimal: string, code: string): string =>
  formatMoney(roundDecimal(decimal, currencyOf(code).decimals), code);

/** A number for the length of a bar or the height of a curve, where a double is exact enough. */
export const forGeometry = (decimal: string): number => Number(decimal);

/** Short enough for an axis: 1.2k, 34k, 1.5M; in Chinese by ten thousands: 1.2万, 1.5亿. */
export function formatAxis(value: number, language: 'en' | 'zh'): string {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value);
}
