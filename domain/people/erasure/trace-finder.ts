/**
 * Finds traces of a customer in a row of any table: in texts, numbers, bytes, JSON within text, and keys.
 *
 * Most identifiers are long and random, and are a trace wherever they occur. Two kinds are not. A member number is defined
 * by another system, `17` perhaps, and a phone number without its country code may also be the number of a receipt. These
 * are traces in fields for such numbers; elsewhere only as a whole word that is too long for a coincidence; and never in a
 * field whose name gives the number another meaning.
 */
import parse from 'libphonenumber-js/mobile/es6';
import { createMatcher } from './multi-string-search.ts';
import type { PersonalIdentifiers, TraceKind } from './personal-identifiers.ts';

export type AnyRow = Readonly<Record<string, unknown>>;

/** Returns the kinds of traces in a row; none where it contains nothing of the customer. */
export type FindTraces = (row: AnyRow) => ReadonlySet<TraceKind>;

/** A random text of this length occurs nowhere by coincidence. */
const RANDOM_LENGTH_MIN = 20;

/** Shorter numbers occur in texts with other meanings, and are a trace only in fields for such numbers. */
const NUMBER_LENGTH_MIN = 6;

/** Fields for phone and member numbers; `value` is that of a link. */
const PHONE_FIELDS = new Set(['phone', 'phoneNumber', 'mobile', 'tel', 'value']);
const MEMBER_FIELDS = new Set(['member', 'memberNo', 'memberNumber', 'card', 'value']);

/** Fields with another meaning, whatever digits they contain. */
const OTHER_FIELDS = new Set(
  [
    'till tillId tills receiptNo receipt receipts buy evidence cashier reporters',
    'product productId products name label quantity units unitPrice discount net amount',
    'store storeId stores zone sensor sensors day businessDay closedAt scannedAt firstSeenAt startedAt',
    'seq sequence fingerprint parts published id source subject time deviceId keyId secretHash',
    'nameZh en zh url audience',
  ].flatMap((names) => names.split(' ')),
);

/** The key attributes. A number in them follows its kind: `IDENT#member#17`. */
const KEY_ATTRIBUTE = /^(?:gsi\d)?[ps]k$/;

/** A field's name and number in a text that is truncated JSON. */
const NAMED_VALUE = /"(\w{1,20})"\s{0,5}:\s{0,5}"?([^"\\,}\s]{1,64})/g;

const WORD = /[\p{L}\p{N}]/u;
const DIGIT = /\d/;

/** A text to search for, and the condition on its surroundings under which a match is a trace. */
interface Needle {
  readonly kind: TraceKind;
  readonly text: string;
  readonly fits: (text: string, from: number, to: number) => boolean;
}

const anywhere = (): boolean => true;
const asWord = (text: string, from: number, to: number): boolean =>
  !WORD.test(text[from - 1] ?? '') && !WORD.test(text[to] ?? '');
const amongNoDigits = (text: string, from: number, to: number): boolean =>
  !DIGIT.test(text[from - 1] ?? '') && !DIGIT.test(text[to] ?? '');

/** `M1` is not in `M1-2`, which is another customer's number; it is in `M1.` and in `(M1)`. */
const asNumber = (text: string, from: number, to: number): boolean =>
  asWord(text, from, to) &&
  !(/[-_]/.test(text[from - 1] ?? '') && WORD.test(text[from - 2] ?? '')) &&
  !(/[-_]/.test(text[to] ?? '') && WORD.test(text[to + 1] ?? ''));

/** In a user id, `:` and two hexadecimal digits are one more character of the number. */
const asUser = (text: string, from: number, to: number): boolean =>
  asWord(text, from, to) && !/^(?:[-_]|:[0-9a-f]{2})/.test(text.slice(to, to + 3));

const digitsOf = (text: string): string => text.replace(/\D/g, '');

const withEscaped = (text: string): string[] => [...new Set([text, encodeURIComponent(text)])];

/** Needles that are a trace wherever they occur. */
function sureNeedles(known: PersonalIdentifiers): Needle[] {
  const random = (['person', 'device', 'key', 'endpoint', 'token', 'face'] as const).flatMap((kind) =>
    known[kind].map((text) => ({ kind, text, fits: text.length < RANDOM_LENGTH_MIN ? asWord : anywhere })),
  );
  const visitors = (['user', 'visitor'] as const).flatMap((kind) =>
    known[kind].flatMap(withEscaped).map((text) => ({ kind, text, fits: asUser })),
  );
  const phones = known.phone.flatMap((e164) =>
    dialledAbroad(e164).map((text) => ({ kind: 'phone' as const, text, fits: amongNoDigits })),
  );
  return [...random, ...visitors, ...phones];
}

/** The forms in which a phone number is dialled from abroad. */
function dialledAbroad(e164: string): string[] {
  const digits = digitsOf(e164);
  return [digits, `00${digits}`];
}

/** The forms in which it is dialled within its country: without the country code, and with the trunk prefix 0. */
function dialledAtHome(e164: string): string[] {
  const national = parse(e164)?.nationalNumber;
  return national === undefined ? [] : [national, `0${national}`];
}

/** Needles that may also have another meaning. */
function unsureNeedles(known: PersonalIdentifiers): Needle[] {
  const phones = known.phone
    .flatMap(dialledAtHome)
    .map((text) => ({ kind: 'phone' as const, text, fits: amongNoDigits }));
  const members = known.member.map((text) => ({ kind: 'member' as const, text, fits: asNumber }));
  return [...phones, ...members].filter(({ text }) => text.length >= NUMBER_LENGTH_MIN);
}

const needleSearch = (needles: readonly Needle[]) => {
  const search = createMatcher(needles.map(({ text }) => text));
  return (text: string, found: Set<TraceKind>): void =>
    search(text, (index, from, to) => {
      const needle = needles[index];
      if (needle?.fits(text, from, to)) found.add(needle.kind);
    });
};

/** Returns a function that finds all traces of a customer in a row. */
export function createTraceFinder(known: PersonalIdentifiers): FindTraces {
  const findSure = needleSearch(sureNeedles(known));
  const findUnsure = needleSearch(unsureNeedles(known));
  const { isPhone, isMember } = ownNumbers(known);

  /** A value in a field for such numbers. */
  function findNamed(field: string, value: string, found: Set<TraceKind>): void {
    if (PHONE_FIELDS.has(field) && isPhone(value)) found.add('phone');
    if (MEMBER_FIELDS.has(field) && isMember(value)) found.add('member');
  }

  function findInKey(key: string, found: Set<TraceKind>): void {
    findSure(key, found);
    const parts = key.split('#');
    parts.forEach((part, at) => {
      const value = parts[at + 1];
      if (value !== undefined && (part === 'member' || part === 'phone')) findNamed(part, value, found);
    });
  }

  function findInText(field: string, text: string, found: Set<TraceKind>): void {
    const json = parsedJson(text);
    if (json !== undefined) findInValue(field, json, found);
    else if (KEY_ATTRIBUTE.test(field)) findInKey(text, found);
    else findInPlainText(field, text, found);
  }

  function findInPlainText(field: string, text: string, found: Set<TraceKind>): void {
    findSure(text, found);
    findNamed(field, text, found);
    if (OTHER_FIELDS.has(field)) return;
    findUnsure(text, found);
    // "+86 138-0013-8000", as people write it.
    const closed = text.replace(/(?<=\d)[ ().-]{1,3}(?=\d)/g, '');
    if (closed !== text) findSure(closed, found);
  }

  /** Bytes are the body of a request: perhaps JSON with a repeated field, or truncated JSON. */
  function findInBytes(field: string, bytes: Uint8Array, found: Set<TraceKind>): void {
    const text = new TextDecoder().decode(bytes);
    findSure(text, found);
    for (const [, name = '', value = ''] of text.matchAll(NAMED_VALUE)) findNamed(name, value, found);
    findInText(field, text, found);
  }

  function findInValue(field: string, value: unknown, found: Set<TraceKind>): void {
    if (typeof value === 'string') findInText(field, value, found);
    else if (typeof value === 'number' || typeof value === 'bigint') findNamed(field, String(value), found);
    else if (value instanceof Uint8Array) findInBytes(field, value, found);
    else if (value instanceof Set || Array.isArray(value))
      for (const one of value) findInValue(field, one, found);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        findSure(name, found);
        findInValue(name, one, found);
      }
  }

  return (row) => {
    const found = new Set<TraceKind>();
    findInValue('', row, found);
    return found;
  };
}

/** The object or array in a JSON text; undefined for all other texts, including single numbers and words. */
function parsedJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Returns predicates for the customer's own phone and member numbers, for values of fields for such numbers. */
export function ownNumbers({ phone, member }: Pick<PersonalIdentifiers, 'phone' | 'member'>) {
  const phones = new Set(phone.flatMap((e164) => [...dialledAbroad(e164), ...dialledAtHome(e164)]));
  const members = new Set(member);
  return {
    isPhone: (value: string): boolean => phones.has(digitsOf(value)),
    isMember: (value: string): boolean => members.has(value.trim()),
  };
}
