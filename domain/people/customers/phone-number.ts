/**
 * Phone numbers in canonical form. A number identifies a customer only in one spelling: 138 0013 8000 typed at a till and
 * +86 138 0013 8000 typed in an app are the same customer's.
 *
 * The rules of each country come from Google's libphonenumber, through its port libphonenumber-js.
 */
import parse, { isSupportedCountry } from 'libphonenumber-js/min/es6';
import { identifierOf } from './customer.ts';

/**
 * Parses a number into E.164, `+8613800138000`. Undefined where it is no number, and where it has an extension, because a
 * switchboard is not one person.
 *
 * Its length has to be possible in its country, and the result has to parse to itself: `+49 00 7106` is the same number
 * with an extra zero, and one number in two spellings would be two customers. Whether the number is assigned is not
 * checked: an outdated list would reject the customers of a new operator.
 *
 * @param country ISO 3166-1 alpha-2; its dialling rules apply to a number without a country code
 */
export function toE164(text: string, country?: string): string | undefined {
  const e164 = read(text, country);
  const isOne = e164 !== undefined && identifierOf('phone', e164) !== undefined && read(e164) === e164;
  return isOne ? e164 : undefined;
}

function read(text: string, country?: string): string | undefined {
  const number = parse(text, {
    // "call 138 0013 8000 after six" is a remark; numbers within texts are not extracted.
    extract: false,
    ...(country !== undefined && isSupportedCountry(country) && { defaultCountry: country }),
  });
  return number?.isPossible() && number.ext === undefined ? number.number : undefined;
}

const HEAD_SHOWN = 3;
const TAIL_SHOWN_MAX = 4;
const HIDDEN_MIN = 4;

/** Masks a number so that only its owner recognises it: `+86*******8000`. */
export function maskPhone(e164: string): string {
  const tail = Math.max(0, Math.min(TAIL_SHOWN_MAX, e164.length - HEAD_SHOWN - HIDDEN_MIN));
  const hidden = Math.max(0, e164.length - HEAD_SHOWN - tail);
  return e164.slice(0, HEAD_SHOWN) + '*'.repeat(hidden) + e164.slice(e164.length - tail);
}
