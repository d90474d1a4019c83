/**
 * The text of a device key, as people copy it and devices send it: `aisle_<keyId>_<secret>`. Both parts are letters and
 * digits, so that the text splits at its underscores in one way, survives a double click and a QR code, and is found in logs
 * and repositories by secret scanners.
 */

export const KEY_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const KEY_ID_LENGTH = 12;
/** 62^43 is just above 2^256. */
export const SECRET_LENGTH = 43;

const KEY_TEXT = new RegExp(`^aisle_([0-9A-Za-z]{${KEY_ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})$`);
const BEARER = /^Bearer +(\S+) *$/i;

export interface KeyText {
  readonly keyId: string;
  readonly secret: string;
}

/** Returns the text of a key: `aisle_<key id>_<secret>`. */
export const formatKey = ({ keyId, secret }: KeyText): string => `aisle_${keyId}_${secret}`;

/** Returns a new key. `randomBelow` returns cryptographically random whole numbers from 0 to below its argument. */
export function newKey(randomBelow: (end: number) => number): KeyText {
  const text = (length: number): string =>
    Array.from({ length }, () => KEY_ALPHABET[randomBelow(KEY_ALPHABET.length)]).join('');
  return { keyId: text(KEY_ID_LENGTH), secret: text(SECRET_LENGTH) };
}

/** Returns the parts of a key, or undefined for any other text. */
export function parseKey(text: string): KeyText | undefined {
  const [, keyId, secret] = KEY_TEXT.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** Returns the key of an Authorization header, or undefined without a device key. */
export function keyOfHeader(header: string | undefined): KeyText | undefined {
  const [, text] = BEARER.exec(header ?? '') ?? [];
  return text === undefined ? undefined : parseKey(text);
}
