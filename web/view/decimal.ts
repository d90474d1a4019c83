/**
 * Exact decimal arithmetic and formatting on texts. The API returns figures as decimal texts, and they stay texts until they
 * are shown: a yearly figure in dong exceeds the integers a double can represent exactly.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** U+2212, which is as wide as a digit, unlike a hyphen. */
const MINUS = '\u2212';

/** Both languages of the app group digits in threes, so no locale is needed. */
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

/** Returns a decimal rounded to a fixed number of decimals, half away from zero. @throws RangeError for any other text */
export function roundDecimal(decimal: string, decimals: number): string {
  const { isNegative, whole, fraction } = partsOf(decimal);
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  const up = (fraction[decimals] ?? '0') >= '5' ? 1n : 0n;
  const digits = (BigInt(whole + kept) + up).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return isNegative && /[1-9]/.test(digits) ? `-${text}` : text;
}

/** Returns a decimal multiplied by ten to the power of `places`: 0.0834 by two places is 8.34. */
export function shiftDecimal(decimal: string, places: number): string {
  const { isNegative, whole, fraction } = partsOf(decimal);
  const digits = whole + fraction.padEnd(places, '0');
  const point = whole.length + places;
  const shifted = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const rest = digits.slice(point);
  return `${isNegative ? '-' : ''}${shifted}${rest === '' ? '' : `.${rest}`}`;
}

/** Returns the exact sum of two decimals. */
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

/** Returns a count as text: 12,345. A non-zero fraction is shown, because it reveals a defect. */
export function formatCount(decimal: string): string {
  const parts = partsOf(decimal);
  return joined({ ...parts, fraction: parts.fraction.replace(/0+$/, '') });
}

/** Returns a ratio as a percentage with one decimal: 0.8345 → 83.5%. */
export const formatPercent = (decimal: string): string =>
  `${joined(partsOf(roundDecimal(shiftDecimal(decimal, 2), 1)))}%`;

/** Returns a quotient as text with a fixed number of decimals. */
export const formatRounded = (decimal: string, decimals: number): string =>
  joined(partsOf(roundDecimal(decimal, decimals)));

interface Currency {
  readonly symbol: string;
  readonly decimals: number;
}

const currencies = new Map<string, Currency>();

/** Returns a currency's symbol and decimals; an unknown code is its own symbol, with two decimals. */
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
      // Letters need a space before the digits, symbols do not.
      symbol: /[A-Za-z]$/.test(sign) ? `${sign}\u00A0` : sign,
      decimals: format.resolvedOptions().maximumFractionDigits ?? 2,
    };
  } catch {
    return { symbol: `${code}\u00A0`, decimals: 2 };
  }
}

/**
 * Returns an amount of money as text, never rounded: with at least the currency's decimals, and more where the amount has
 * more (tills may price at four decimals). ¥1,234.50; −¥12.3456.
 */
export function formatMoney(decimal: string, code: string): string {
  const { symbol, decimals } = currencyOf(code);
  const { isNegative, whole, fraction } = partsOf(decimal);
  const needed = fraction.replace(/0+$/, '');
  const shown = needed.length > decimals ? needed : needed.padEnd(decimals, '0');
  return `${isNegative ? MINUS : ''}${symbol}${joined({ isNegative: false, whole, fraction: shown })}`;
}

/** Returns an average amount of money as text, rounded to the currency's decimals. */
export const formatMoneyRounded = (decimal: string, code: string): string =>
  formatMoney(roundDecimal(decimal, currencyOf(code).decimals), code);

/** Returns a decimal as a double, for bar lengths and curve heights only. */
export const forGeometry = (decimal: string): number => Number(decimal);

/** Returns a compact axis label: 1.2K, 34K, 1.5M; in Chinese in units of ten thousand: 1.2万, 1.5亿. */
export function formatAxis(value: number, language: 'en' | 'zh'): string {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value);
}
