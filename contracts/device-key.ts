/**
 * A device key as people copy it and as devices send it: `aisle_<keyId>_<secret>`. Both parts are letters and
 * digits only, so the text parts at its underscores in one way, survives a double click and a QR code, and a
 * leak scanner can find it in a log or a repository by its shape.
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

export const formatKey = ({ keyId, secret }: KeyText): string => `aisle_${keyId}_${secret}`;

/** A new key; `randomBelow` gives whole numbers from 0 to below its argument, from a source nobody can foresee. */
export function newKey(randomBelow: (end: number) => number): KeyText {
  const text = (length: number): string =>
    Array.from({ length }, () => KEY_ALPHABET[randomBelow(KEY_ALPHABET.length)]).join('');
  return { keyId: text(KEY_ID_LENGTH), secret: text(SECRET_LENGTH) };
}

/** The two parts of a key; undefined for anything else. */
export function parseKey(text: string): KeyText | undefined {
  const [, keyId, secret] = KEY_TEXT.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** The key in an Authorization header; undefined where it has none of ours. */
export function keyOfHeader(header: string | undefined): KeyText | undefined {
  const [, text] = BEARER.exec(header ?? '') ?? [];
  return text === undefined ? undefined : parseKey(text);
}
