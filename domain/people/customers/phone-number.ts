/**
 * Telephone numbers, as people dial them and as the whole world dials them. A number is who somebody is only once it is
 * written in one way: 138 0013 8000 typed at a till and +86 138 0013 8000 typed in an app are one person's.
 *
 * How a country writes its numbers is Google's libphonenumber to know, which libphonenumber-js repeats in JavaScript.
 */
import parse, { isSupportedCountry } from 'libphonenumber-js/min/es6';
import { identifierOf } from './customer.ts';

/**
 * A number in E.164: `+8613800138000`. Undefined where it is none, and where it has an extension, because behind that of a
 * switchboard sits not one person.
 *
 * It has to be of a length that its country has, and to read as itself: `+49 00 7106` is the same number with a zero too
 * many, and one number written in two ways would be two people. Whether the digits were given out to anybody no list can
 * tell, and one that is a year old would refuse the customers of a new operator.
 *
 * @param country ISO 3166-1, two capitals: whose way of dialling counts for a number without a country's code
 */
export function toE164(text: string, country?: string): string | undefined {
  const e164 = read(text, country);
  const isOne = e164 !== undefined && identifierOf('phone', e164) !== undefined && read(e164) === e164;
  return isOne ? e164 : undefined;
}

function read(text: string, country?: string): string | undefined {
  const number = parse(text, {
    // "call 138 0013 8000 after six" is a remark, and what looks like a number in one is not searched for.
    extract: false,
    ...(country !== undefined && isSupportedCountry(country) && { defaultCountry: country }),
  });
  return number?.isPossible() && number.ext === undefined ? number.number : undefined;
}

const HEAD_SHOWN = 3;
const TAIL_SHOWN_MAX = 4;
const HIDDEN_MIN = 4;

/** A number by which its owner knows it and nobody else does: `+86*******8000`. */
export function maskPhone(e164: string): string {
  const tail = Math.max(0, Math.min(TAIL_SHOWN_MAX, e164.length - HEAD_SHOWN - HIDDEN_MIN));
  const hidden = Math.max(0, e164.length - HEAD_SHOWN - tail);
  return e164.slice(0, HEAD_SHOWN) + '*'.repeat(hidden) + e164.slice(e164.length - tail);
}
