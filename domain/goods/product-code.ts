/**
 * Product codes in one form. A barcode of 8, 12, 13 or 14 digits with a right check digit is one GTIN, whichever leading zeros
 * a till prints (GS1 General Specifications, section 1.3.3); as texts they would be several products.
 *
 * Codes that begin with 02 or 20 to 29 are a store's own: its scale prints the product with a weight or a price in it, so each
 * piece would be a product of its own. Which digits mean what is each chain's choice; the chain states its patterns.
 */
import type { ProductId } from '../chain/ids.ts';
import type { Amount } from '../chain/money.ts';

const GTIN = /^(?:\d{8}|\d{12,14})$/;
const GTIN_LENGTH = 14;

/** Returns whether the last digit is the check digit of the others: weights 3 and 1 from the right, modulo 10. */
export function hasCheckDigit(digits: string): boolean {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** Returns the 14-digit form of a GTIN; any other code as it is. */
export const productCode = (text: string): ProductId =>
  (GTIN.test(text) && hasCheckDigit(text) ? text.padStart(GTIN_LENGTH, '0') : text) as ProductId;

/** Where a store's label has its parts, as places of its 13 digits. */
export interface LabelPattern {
  readonly prefix: string;
  readonly product: readonly [from: number, to: number];
  readonly kind: 'weight' | 'price';
  readonly value: readonly [from: number, to: number];
}

/** A prefix; P: the product; V: a check digit of the price, not read; W: grams, or M: hundredths of the currency; C: check digit. */
const PATTERN = /^(02|2\d)(P{3,7})(V?)(W{4,6}|M{4,6})C$/;
export const LABEL_LENGTH = 13;

/** Parses a pattern such as `20PPPPPWWWWWC`; undefined where it is none of 13 places. */
export function parseLabelPattern(text: string): LabelPattern | undefined {
  const match = PATTERN.exec(text);
  if (match === null || text.length !== LABEL_LENGTH) return undefined;
  const [, prefix = '', product = '', price = '', value = ''] = match;
  const productEnd = prefix.length + product.length;
  const valueStart = productEnd + price.length;
  return {
    prefix,
    product: [prefix.length, productEnd],
    kind: value.startsWith('W') ? 'weight' : 'price',
    value: [valueStart, valueStart + value.length],
  };
}

export interface Label {
  /** The prefix and the product's digits: the same for every piece. */
  readonly productId: ProductId;
  /** Thousandths of a kilogram. */
  readonly grams?: number;
  readonly price?: Amount;
}

/** Hundredths of the currency are a hundred ten-thousandths. */
const HUNDREDTH: Amount = 100n;

/** Returns what a label of the store says; undefined for a code of no pattern. */
export function readLabel(code: string, patterns: readonly LabelPattern[]): Label | undefined {
  const gtin = productCode(code);
  if (gtin.length !== GTIN_LENGTH || !gtin.startsWith('0') || !GTIN.test(gtin)) return undefined;
  const digits = gtin.slice(1);
  const pattern = patterns.find(({ prefix }) => digits.startsWith(prefix));
  if (pattern === undefined) return undefined;
  const productId = `${pattern.prefix}${digits.slice(...pattern.product)}` as ProductId;
  const value = digits.slice(...pattern.value);
  return pattern.kind === 'weight'
    ? { productId, grams: Number(value) }
    : { productId, price: BigInt(value) * HUNDREDTH };
}
