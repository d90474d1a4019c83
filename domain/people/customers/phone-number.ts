/**
 * Phone numbers in canonical form. A number identifies a customer only in one spelling: 138 0013 8000 typed at a till and
 * +86 138 0013 8000 typed in an app are the same customer's. And only a number that one person answers identifies anyone: a
 * landline is a household's or an office's, a service number a company's, and 13888888888 is what cashiers type for customers
 * who give none.
 *
 * The rules of each country come from Google's libphonenumber, through its port libphonenumber-js, with the ranges of mobile
 * numbers. A number that is in its country's plan and in no mobile range is refused; one that is in no range at all is
 * accepted, because an outdated list would reject the customers of a new operator.
 */
import parse, { isSupportedCountry, type PhoneNumber } from 'libphonenumber-js/mobile/es6';
import plans from 'libphonenumber-js/mobile/metadata';
import { identifierOf } from './customer.ts';
import { isFiller } from './filler.ts';

/** Why a text is no phone number of a customer. */
export const PHONE_REFUSALS = ['invalid', 'no-person', 'filler'] as const;
export type PhoneRefusal = (typeof PHONE_REFUSALS)[number];

/** The reasons in words, as predicates of the phone. */
export const PHONE_REFUSAL_TEXTS: Readonly<Record<PhoneRefusal, string>> = {
  invalid: 'is not a valid phone number',
  'no-person': 'is a landline or a service number, which identifies no single customer',
  filler: 'is one digit repeated or a run of digits, which is typed where a customer gives no number',
};

export type PhoneReading =
  | { readonly kind: 'phone'; readonly e164: string }
  | { readonly kind: 'refused'; readonly reason: PhoneRefusal };

const refused = (reason: PhoneRefusal): PhoneReading => ({ kind: 'refused', reason });

/**
 * Parses a customer's phone number into E.164, `+8613800138000`, or returns why it identifies no customer.
 *
 * Its length has to be possible in its country, it must have no extension, because a switchboard is not one person, and the
 * result has to parse to itself: `+49 00 7106` is the same number with an extra zero, and one number in two spellings would
 * be two customers.
 *
 * @param country ISO 3166-1 alpha-2; its dialling rules apply to a number without a country code
 */
export function phoneOf(text: string, country?: string): PhoneReading {
  const number = read(text, country);
  const e164 = number?.number;
  const isOne =
    e164 !== undefined && identifierOf('phone', e164) !== undefined && read(e164)?.number === e164;
  if (number === undefined || !isOne) return refused('invalid');
  if (!isPersonal(number)) return refused('no-person');
  if (isFiller(number.nationalNumber.slice(-SUBSCRIBER_DIGITS))) return refused('filler');
  return { kind: 'phone', e164 };
}

/** Returns a customer's phone number in E.164; undefined where `phoneOf` refuses it. */
export function toE164(text: string, country?: string): string | undefined {
  const reading = phoneOf(text, country);
  return reading.kind === 'phone' ? reading.e164 : undefined;
}

/** Behind the operator's prefix, the digits that are a subscriber's own. */
const SUBSCRIBER_DIGITS = 8;

function read(text: string, country?: string): PhoneNumber | undefined {
  const number = parse(text, {
    // "call 138 0013 8000 after six" is a remark; numbers within texts are not extracted.
    extract: false,
    ...(country !== undefined && isSupportedCountry(country) && { defaultCountry: country }),
  });
  return number?.isPossible() && number.ext === undefined ? number : undefined;
}

/** Codes of no country: freephone, shared cost, telecommunications for disaster relief, premium rate. */
const SERVICE_CODES = ['800', '808', '888', '979'];

const CHINA = '86';
/** Every mobile number of mainland China; all else there is a landline, a service (400…, 95…) or a machine (106…). */
const CHINESE_MOBILE = /^1[3-9]\d{9}$/;

/** Where the pattern of all assigned numbers is in the packed plan of a country. */
const PATTERN_AT = 2;

/** Returns whether a number is a mobile one, or of no range that its country has assigned as of the library's release. */
function isPersonal(number: PhoneNumber): boolean {
  const { countryCallingCode, nationalNumber } = number;
  if (countryCallingCode === CHINA) return CHINESE_MOBILE.test(nationalNumber);
  if (SERVICE_CODES.includes(countryCallingCode)) return false;
  if (number.isValid()) return true;
  const countries = plans.country_calling_codes[countryCallingCode] ?? [];
  return !countries.some((country) => {
    const pattern = (plans.countries[country] as readonly unknown[] | undefined)?.[PATTERN_AT];
    return new RegExp(`^(?:${String(pattern)})$`).test(nationalNumber);
  });
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
