/**
 * What counts as a trace of a person in a row of any table: text, number, bytes, JSON within text, and keys.
 *
 * Most of what points at somebody is long and made by chance, and a trace wherever it stands. Two things are not. A member
 * number is whatever another system made it, `17` perhaps, and a telephone number without its country's code may also be the
 * number of a receipt. Those two are traces where such a number belongs; elsewhere only as a whole word that is too long for
 * chance; and never where a row says by its field's name that it means something else.
 */
import parse from 'libphonenumber-js/min/es6';
import type { PersonalIdentifiers, TraceKind } from './erasure.ts';
import { createMatcher } from './multi-string-search.ts';

export type AnyRow = Readonly<Record<string, unknown>>;

/** The kinds of traces in a row; none where it holds nothing of the person. */
export type FindTraces = (row: AnyRow) => ReadonlySet<TraceKind>;

/** Texts this long were made by chance, and stand nowhere by it. */
const CHANCE_LENGTH_MIN = 20;

/** Shorter numbers stand in texts for something else, and are a trace only where such a number belongs. */
const NUMBER_LENGTH_MIN = 6;

/** Where numbers of telephones and of members belong; `value` is that of a link. */
const PHONE_FIELDS = new Set(['phone', 'phoneNumber', 'mobile', 'tel', 'value']);
const MEMBER_FIELDS = new Set(['member', 'memberNo', 'memberNumber', 'card', 'value']);

/** Fields that name something else, whatever digits it has. */
const OTHER_FIELDS = new Set(
  [
    'till tillId tills receiptNo receipt receipts buy evidence cashier reporters',
    'product productId products name label quantity units unitPrice discount net amount',
    'store storeId stores zone sensor sensors day businessDay closedAt scannedAt firstSeenAt startedAt',
    'seq sequence fingerprint parts published id source subject time deviceId keyId secretHash',
    'nameZh en zh url audience',
  ].flatMap((names) => names.split(' ')),
);

/** The attributes of keys. Numbers stand in them behind a word that says what they are: `IDENT#member#17`. */
const KEY_ATTRIBUTE = /^(?:gsi\d)?[ps]k$/;

/** A number in a text that is no JSON any more, with its field's name. */
const NAMED_VALUE = /"(\w{1,20})"\s{0,5}:\s{0,5}"?([^"\\,}\s]{1,64})/g;

const WORD = /[\p{L}\p{N}]/u;
const DIGIT = /\d/;

/** A needle, and how it has to stand in a text to be one. */
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

/** `M1` is not in `M1-2`, which is somebody else's number; it is in `M1.` and in `(M1)`. */
const asNumber = (text: string, from: number, to: number): boolean =>
  asWord(text, from, to) &&
  !(/[-_]/.test(text[from - 1] ?? '') && WORD.test(text[from - 2] ?? '')) &&
  !(/[-_]/.test(text[to] ?? '') && WORD.test(text[to + 1] ?? ''));

/** Behind the number of a user `:` and two digits are one character more of it. */
const asUser = (text: string, from: number, to: number): boolean =>
  asWord(text, from, to) && !/^(?:[-_]|:[0-9a-f]{2})/.test(text.slice(to, to + 3));

const digitsOf = (text: string): string => text.replace(/\D/g, '');

const withEscaped = (text: string): string[] => [...new Set([text, encodeURIComponent(text)])];

/** Needles that are a trace wherever they stand. */
function sureNeedles(known: PersonalIdentifiers): Needle[] {
  const chance = (['person', 'device', 'key', 'endpoint', 'token', 'face'] as const).flatMap((kind) =>
    known[kind].map((text) => ({ kind, text, fits: text.length < CHANCE_LENGTH_MIN ? asWord : anywhere })),
  );
  const bodies = (['user', 'visitor'] as const).flatMap((kind) =>
    known[kind].flatMap(withEscaped).map((text) => ({ kind, text, fits: asUser })),
  );
  const phones = known.phone.flatMap((e164) =>
    abroad(e164).map((text) => ({ kind: 'phone' as const, text, fits: amongNoDigits })),
  );
  return [...chance, ...bodies, ...phones];
}

/** As a telephone number is dialled from anywhere. */
function abroad(e164: string): string[] {
  const digits = digitsOf(e164);
  return [digits, `00${digits}`];
}

/** As a telephone number is dialled at home: without its country's code, and with the 0 that many countries put before. */
function atHome(e164: string): string[] {
  const national = parse(e164)?.nationalNumber;
  return national === undefined ? [] : [national, `0${national}`];
}

/** Needles that may also be something else. */
function unsureNeedles(known: PersonalIdentifiers): Needle[] {
  const phones = known.phone
    .flatMap(atHome)
    .map((text) => ({ kind: 'phone' as const, text, fits: amongNoDigits }));
  const members = known.member.map((text) => ({ kind: 'member' as const, text, fits: asNumber }));
  return [...phones, ...members].filter(({ text }) => text.length >= NUMBER_LENGTH_MIN);
}

const seekerFor = (needles: readonly Needle[]) => {
  const seek = createMatcher(needles.map(({ text }) => text));
  return (text: string, found: Set<TraceKind>): void =>
    seek(text, (index, from, to) => {
      const needle = needles[index];
      if (needle?.fits(text, from, to)) found.add(needle.kind);
    });
};

/** What looks for everything that is known of somebody. */
export function traceFinder(known: PersonalIdentifiers): FindTraces {
  const seekSure = seekerFor(sureNeedles(known));
  const seekUnsure = seekerFor(unsureNeedles(known));
  const { isPhone, isMember } = ownNumbers(known);

  /** A value in a field where such numbers belong. */
  function seekNamed(field: string, value: string, found: Set<TraceKind>): void {
    if (PHONE_FIELDS.has(field) && isPhone(value)) found.add('phone');
    if (MEMBER_FIELDS.has(field) && isMember(value)) found.add('member');
  }

  function seekKey(key: string, found: Set<TraceKind>): void {
    seekSure(key, found);
    const parts = key.split('#');
    parts.forEach((part, at) => {
      const value = parts[at + 1];
      if (value !== undefined && (part === 'member' || part === 'phone')) seekNamed(part, value, found);
    });
  }

  function seekText(field: string, text: string, found: Set<TraceKind>): void {
    const json = parsedJson(text);
    if (json !== undefined) seekIn(field, json, found);
    else if (KEY_ATTRIBUTE.test(field)) seekKey(text, found);
    else seekPlain(field, text, found);
  }

  function seekPlain(field: string, text: string, found: Set<TraceKind>): void {
    seekSure(text, found);
    seekNamed(field, text, found);
    if (OTHER_FIELDS.has(field)) return;
    seekUnsure(text, found);
    // "+86 138-0013-8000", as people write it.
    const closed = text.replace(/(?<=\d)[ ().-]{1,3}(?=\d)/g, '');
    if (closed !== text) seekSure(closed, found);
  }

  /** Bytes are what somebody sent: JSON perhaps, with a field that stands twice in it, or the half of it. */
  function seekBytes(field: string, bytes: Uint8Array, found: Set<TraceKind>): void {
    const text = new TextDecoder().decode(bytes);
    seekSure(text, found);
    for (const [, name = '', value = ''] of text.matchAll(NAMED_VALUE)) seekNamed(name, value, found);
    seekText(field, text, found);
  }

  function seekIn(field: string, value: unknown, found: Set<TraceKind>): void {
    if (typeof value === 'string') seekText(field, value, found);
    else if (typeof value === 'number' || typeof value === 'bigint') seekNamed(field, String(value), found);
    else if (value instanceof Uint8Array) seekBytes(field, value, found);
    else if (value instanceof Set || Array.isArray(value)) for (const one of value) seekIn(field, one, found);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        seekSure(name, found);
        seekIn(name, one, found);
      }
  }

  return (row) => {
    const found = new Set<TraceKind>();
    seekIn('', row, found);
    return found;
  };
}

/** What a text of JSON says; undefined for all other texts, numbers and words alone included. */
function parsedJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Tells somebody's own numbers from all others, in fields where such numbers belong. */
export function ownNumbers({ phone, member }: Pick<PersonalIdentifiers, 'phone' | 'member'>) {
  const phones = new Set(phone.flatMap((e164) => [...abroad(e164), ...atHome(e164)]));
  const members = new Set(member);
  return {
    isPhone: (value: string): boolean => phones.has(digitsOf(value)),
    isMember: (value: string): boolean => members.has(value.trim()),
  };
}
