/**
 * A register's CSV, column by column: who the members are and what each of them agreed to.
 *
 * Registers hold much more of people than is needed here (names, birthdays, addresses). What nothing here asks for is passed
 * over, and said to be; what looks like a consent and is not understood stops everything, because a consent that is lost in
 * silence is worse than an import that is not begun.
 */
import { parseLocalTime } from '#domain/chain/business-day.ts';
import {
  type Consent,
  type Identifier,
  identifierOf,
  PURPOSES,
  type Purpose,
} from '#domain/people/person.ts';
import { maskPhone, toE164 } from '#domain/people/phone-number.ts';
import { UserError } from '../command.ts';
import { RowFault } from '../import/values.ts';

export const MEMBER_COLUMNS = ['memberNo', 'member'] as const;
export const PHONE_COLUMN = 'phone';
const CONSENT_PREFIX = 'consent.';
const TIME_SUFFIX = '.at';

/** Columns that a register has none of and a till's list always has. */
const RECEIPT_COLUMNS = [
  'receipt',
  'receiptNo',
  'till',
  'closedAt',
  'product',
  'sku',
  'quantity',
  'unitPrice',
  'price',
];

/** `Member No` and `member_no` are `memberNo`. */
const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const placeOf = (header: readonly string[], name: string): number | undefined => {
  const place = header.findIndex((one) => plain(one) === plain(name));
  return place < 0 ? undefined : place;
};

/** Whether a CSV is a register of members, and not a till's list on which members stand. */
export const isRegister = (header: readonly string[]): boolean =>
  MEMBER_COLUMNS.some((name) => placeOf(header, name) !== undefined) &&
  RECEIPT_COLUMNS.every((name) => placeOf(header, name) === undefined);

interface ConsentColumns {
  readonly purpose: Purpose;
  readonly proofAt: number;
  readonly timeAt: number;
}

export interface Columns {
  readonly width: number;
  readonly memberAt: number | undefined;
  readonly phoneAt: number | undefined;
  readonly consents: readonly ConsentColumns[];
  /** Columns that nothing here asks for. */
  readonly passedOver: readonly string[];
}

/** Finds the columns; throws a UserError that says what is missing or cannot be understood. */
export function columnsOf(header: readonly string[], path: string): Columns {
  const [memberAt] = MEMBER_COLUMNS.flatMap((name) => placeOf(header, name) ?? []);
  const phoneAt = placeOf(header, PHONE_COLUMN);
  if (memberAt === undefined && phoneAt === undefined) {
    throw new UserError(`${path} has neither a column ${MEMBER_COLUMNS[0]} nor a column ${PHONE_COLUMN}`);
  }
  const understood = new Set([memberAt, phoneAt]);
  const consents = PURPOSES.flatMap((purpose): ConsentColumns[] => {
    const proofAt = placeOf(header, CONSENT_PREFIX + purpose);
    const timeAt = placeOf(header, CONSENT_PREFIX + purpose + TIME_SUFFIX);
    if (proofAt === undefined && timeAt === undefined) return [];
    const missing = proofAt === undefined ? '' : TIME_SUFFIX;
    if (proofAt === undefined || timeAt === undefined) {
      throw new UserError(
        `${path} has no column ${CONSENT_PREFIX}${purpose}${missing}; a consent has a proof and a time`,
      );
    }
    understood.add(proofAt).add(timeAt);
    return [{ purpose, proofAt, timeAt }];
  });
  const others = header.filter((_, place) => !understood.has(place));
  const lost = others.filter((name) => plain(name).startsWith('consent'));
  if (lost.length > 0) {
    throw new UserError(
      `${path} has columns that are no consent known here: ${lost.join(', ')}; there are ` +
        PURPOSES.map((purpose) => CONSENT_PREFIX + purpose).join(', '),
    );
  }
  return { width: header.length, memberAt, phoneAt, consents, passedOver: others };
}

export interface Member {
  /** The member number first; never empty. */
  readonly identifiers: readonly Identifier[];
  readonly consents: readonly Consent[];
}

/** How the rows of a file are to be read. */
export interface Reading {
  readonly columns: Columns;
  /** Whose way of dialling counts for a number without a country's code. */
  readonly country: string | undefined;
  /** Whose clock counts for a time without an offset. */
  readonly timeZone: string | undefined;
  readonly nowMs: number;
}

/** What a row says; throws a RowFault, which repeats no number. */
function readMember(reading: Reading, cells: readonly string[]): Member {
  const { columns } = reading;
  if (cells.length !== columns.width) {
    throw new RowFault(`has ${cells.length} fields and not ${columns.width}`);
  }
  const cell = (place: number | undefined): string =>
    place === undefined ? '' : (cells[place] ?? '').trim();
  const [number, phone] = [cell(columns.memberAt), cell(columns.phoneAt)];
  const identifiers: Identifier[] = [];
  if (number !== '') {
    const member = identifierOf('member', number);
    if (member === undefined)
      throw new RowFault('the member number is too long, or holds # or control characters');
    identifiers.push(member);
  }
  if (phone !== '') {
    const value = toE164(phone, reading.country);
    if (value === undefined) {
      const advice = reading.country === undefined ? "; without its country's code it needs --country" : '';
      throw new RowFault(`the phone is no telephone number${advice}`);
    }
    identifiers.push({ kind: 'phone', value });
  }
  if (identifiers.length === 0) throw new RowFault('has neither a member number nor a phone');
  const consents = columns.consents.flatMap(({ purpose, proofAt, timeAt }) =>
    consentIn(reading, purpose, cell(proofAt), cell(timeAt)),
  );
  return { identifiers, consents };
}

/** The member of a row, or what is wrong with it. */
export function readOrFault(reading: Reading, cells: readonly string[]): Member | RowFault {
  try {
    return readMember(reading, cells);
  } catch (error) {
    if (error instanceof RowFault) return error;
    throw error;
  }
}

/** What people write who mean "yes", or "no": neither proves anything. */
const NO_PROOF = /^(?:y|n|yes|no|true|false|t|f|x|0|1|-|ok|null|none|n\/a|是|否|有|无|同意|不同意)$/i;
const PROOF_LENGTH_MAX = 200;
const WELL_FORMED = /^[^\p{Cc}\p{Cs}\uFFFD]*$/u;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function consentIn({ timeZone, nowMs }: Reading, purpose: Purpose, proof: string, time: string): Consent[] {
  const name = CONSENT_PREFIX + purpose;
  if (proof === '' && time === '') return [];
  if (proof === '') throw new RowFault(`${name} has a time and no proof`);
  if (time === '') throw new RowFault(`${name} has a proof and no time`);
  if (NO_PROOF.test(proof))
    throw new RowFault(`${name}: "${proof}" proves nothing; say which form, or which record`);
  if (proof.length > PROOF_LENGTH_MAX || !WELL_FORMED.test(proof)) {
    throw new RowFault(
      `${name}: the proof is longer than ${PROOF_LENGTH_MAX} characters, or holds control characters`,
    );
  }
  // Of a day it is not known when on it; from its end on they had agreed in any case.
  const text = DAY.test(time) ? `${time}T23:59:59` : time;
  const hasOffset = /(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!hasOffset && timeZone === undefined) {
    throw new RowFault(`${name}${TIME_SUFFIX} has no offset, and the stores' clocks differ; say --time-zone`);
  }
  const at = parseLocalTime(text, timeZone ?? 'UTC');
  if (at === undefined)
    throw new RowFault(`${name}${TIME_SUFFIX}: "${time}" is no time such as 2026-11-22T10:03:12+08:00`);
  if (at.instantMs > nowMs && !DAY.test(time)) throw new RowFault(`${name}${TIME_SUFFIX} lies in the future`);
  const atMs = Math.min(at.instantMs, nowMs);
  return [{ purpose, isGranted: true, proof, source: 'import', atMs }];
}

/** Many a register's number is the member's phone. */
const LIKE_A_PHONE = /\d{10}/;

/** A row's own words for the file of rejects: member number and phone, so that nobody reads a telephone number there. */
export function aboutOf({ columns, country }: Reading, cells: readonly string[]): readonly [string, string] {
  const cell = (place: number | undefined): string =>
    place === undefined ? '' : (cells[place] ?? '').trim();
  const number = cell(columns.memberAt);
  const asPhone = LIKE_A_PHONE.test(number) ? toE164(number, country) : undefined;
  const phone = toE164(cell(columns.phoneAt), country);
  return [asPhone === undefined ? number : maskPhone(asPhone), phone === undefined ? '' : maskPhone(phone)];
}
