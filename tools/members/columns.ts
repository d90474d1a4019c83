/**
 * Parses the columns of a member list: identifiers and consents.
 *
 * Member lists hold more personal data than the chain needs (names, birthdays, addresses). Columns that are not needed are
 * ignored and listed in the output. A column that looks like a consent and is not recognised stops the import, because a
 * silently lost consent is worse than an import that does not start.
 */
import { parseLocalTime } from '#domain/chain/business-day.ts';
import {
  type Consent,
  type ConsentPurpose,
  datedConsent,
  PURPOSES,
} from '#domain/people/customers/consent.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { memberNumberFault } from '#domain/people/customers/member-number.ts';
import { maskPhone, PHONE_REFUSAL_TEXTS, phoneOf, toE164 } from '#domain/people/customers/phone-number.ts';
import { UserError } from '../command.ts';
import { RowError, readId, readPhone } from '../import/values.ts';

export const MEMBER_COLUMNS = ['memberNo', 'member'] as const;
export const PHONE_COLUMN = 'phone';
/** The year alone: the law of pushes asks for an age, and a whole birthday is more than it needs. */
export const BIRTH_YEAR_COLUMN = 'birthYear';
const CONSENT_PREFIX = 'consent.';
const TIME_SUFFIX = '.at';

/** Columns of a till's receipts, which a member list never has. */
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

/** Makes `Member No` and `member_no` equal to `memberNo`. */
const normalised = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const indexOf = (header: readonly string[], name: string): number | undefined => {
  const index = header.findIndex((column) => normalised(column) === normalised(name));
  return index < 0 ? undefined : index;
};

/** Returns whether a CSV is a member list, by its header; a till's receipts with a member column are not. */
export const isMemberList = (header: readonly string[]): boolean =>
  MEMBER_COLUMNS.some((name) => indexOf(header, name) !== undefined) &&
  RECEIPT_COLUMNS.every((name) => indexOf(header, name) === undefined);

interface ConsentColumns {
  readonly purpose: ConsentPurpose;
  readonly proofIndex: number;
  readonly timeIndex: number;
}

export interface Columns {
  readonly width: number;
  readonly memberIndex: number | undefined;
  readonly phoneIndex: number | undefined;
  readonly birthYearIndex: number | undefined;
  readonly consents: readonly ConsentColumns[];
  /** Names of the columns that are not read. */
  readonly ignored: readonly string[];
}

/**
 * Returns where the columns of a header are.
 *
 * @throws UserError where a column is missing, or a consent column is not recognised
 */
export function columnsOf(header: readonly string[], path: string): Columns {
  const [memberIndex] = MEMBER_COLUMNS.flatMap((name) => indexOf(header, name) ?? []);
  const phoneIndex = indexOf(header, PHONE_COLUMN);
  if (memberIndex === undefined && phoneIndex === undefined) {
    throw new UserError(`${path} has neither a column ${MEMBER_COLUMNS[0]} nor a column ${PHONE_COLUMN}`);
  }
  const birthYearIndex = indexOf(header, BIRTH_YEAR_COLUMN);
  const recognised = new Set([memberIndex, phoneIndex, birthYearIndex]);
  const consents = PURPOSES.flatMap((purpose): ConsentColumns[] => {
    const proofIndex = indexOf(header, CONSENT_PREFIX + purpose);
    const timeIndex = indexOf(header, CONSENT_PREFIX + purpose + TIME_SUFFIX);
    if (proofIndex === undefined && timeIndex === undefined) return [];
    const missing = proofIndex === undefined ? '' : TIME_SUFFIX;
    if (proofIndex === undefined || timeIndex === undefined) {
      throw new UserError(
        `${path} has no column ${CONSENT_PREFIX}${purpose}${missing}; a consent needs a proof and a time`,
      );
    }
    recognised.add(proofIndex).add(timeIndex);
    return [{ purpose, proofIndex, timeIndex }];
  });
  const ignored = header.filter((_, index) => !recognised.has(index));
  const unknownConsents = ignored.filter((name) => normalised(name).startsWith('consent'));
  if (unknownConsents.length > 0) {
    throw new UserError(
      `${path} has unknown consent columns: ${unknownConsents.join(', ')}; supported are ` +
        PURPOSES.map((purpose) => CONSENT_PREFIX + purpose).join(', '),
    );
  }
  return { width: header.length, memberIndex, phoneIndex, birthYearIndex, consents, ignored };
}

export interface Member {
  /** The member number first; never empty. */
  readonly identifiers: readonly Identifier[];
  readonly consents: readonly Consent[];
  readonly birthYear?: number;
}

const identifierIn = ({ identifiers }: Member, kind: Identifier['kind']): string | undefined =>
  identifiers.find((identifier) => identifier.kind === kind)?.value;

/**
 * Returns the member numbers of a file that stand beside different phones. A number belongs to one member, so a spreadsheet
 * has rounded several to one, or a placeholder stands for none; all rows with it are refused.
 */
export async function sharedNumbersOf(
  rows: AsyncIterable<{ readonly cells: readonly string[] }>,
  format: MemberFormat,
): Promise<ReadonlySet<string>> {
  const phones = new Map<string, string>();
  const shared = new Set<string>();
  for await (const { cells } of rows) {
    const read = readMemberOrError(format, cells);
    if (read instanceof RowError) continue;
    const [number, phone] = [identifierIn(read, 'member'), identifierIn(read, 'phone')];
    if (number === undefined || phone === undefined) continue;
    if ((phones.get(number) ?? phone) !== phone) shared.add(number);
    phones.set(number, phone);
  }
  return shared;
}

/** Returns the error of a row whose member number stands beside another phone in the same file. */
export const sharedNumberError = (
  member: Member,
  sharedNumbers: ReadonlySet<string>,
): RowError | undefined =>
  sharedNumbers.has(identifierIn(member, 'member') ?? '')
    ? new RowError('the member number stands beside another phone in another row of the file')
    : undefined;

/** Options for parsing the rows of a file. */
export interface MemberFormat {
  readonly columns: Columns;
  /** ISO 3166-1 country of phone numbers without a country code. */
  readonly country: string | undefined;
  /** IANA time zone of times without an offset. */
  readonly timeZone: string | undefined;
  readonly nowMs: number;
}

/** Returns the member of a row. Throws a RowError, whose message never contains a phone number. */
function readMember(format: MemberFormat, cells: readonly string[]): Member {
  const { columns } = format;
  if (cells.length !== columns.width) {
    throw new RowError(`has ${cells.length} fields instead of ${columns.width}`);
  }
  const cell = cellReader(cells);
  const [number, phone] = [readId(cell(columns.memberIndex)), phoneIn(cell(columns.phoneIndex))];
  const identifiers: Identifier[] = [];
  if (number !== '') {
    const fault = memberNumberFault(number);
    if (fault !== undefined) throw new RowError(`the member number ${fault}`);
    identifiers.push({ kind: 'member', value: number });
  }
  if (phone !== '') {
    const reading = phoneOf(phone, format.country);
    if (reading.kind === 'refused') {
      const isUnknown = format.country === undefined && reading.reason === 'invalid';
      const advice = isUnknown ? '; without a country code it needs --country' : '';
      throw new RowError(`the phone ${PHONE_REFUSAL_TEXTS[reading.reason]}${advice}`);
    }
    identifiers.push({ kind: 'phone', value: reading.e164 });
  }
  if (identifiers.length === 0) throw new RowError('has neither a member number nor a phone');
  const consents = columns.consents.flatMap(({ purpose, proofIndex, timeIndex }) =>
    consentIn(format, purpose, cell(proofIndex), cell(timeIndex)),
  );
  return { identifiers, consents, ...birthYearIn(cell(columns.birthYearIndex), format.nowMs) };
}

const BIRTH_YEAR_MIN = 1900;

/** Returns the year of birth of a row, if it has one. Throws a RowError where the cell holds something else. */
function birthYearIn(text: string, nowMs: number): { readonly birthYear?: number } {
  if (text === '') return {};
  const birthYear = /^\d{4}$/.test(text) ? Number(text) : Number.NaN;
  const thisYear = new Date(nowMs).getUTCFullYear();
  if (birthYear >= BIRTH_YEAR_MIN && birthYear <= thisYear) return { birthYear };
  throw new RowError(`${BIRTH_YEAR_COLUMN}: "${text}" is not a year from ${BIRTH_YEAR_MIN} to ${thisYear}`);
}

/** Returns a phone as the file has it. Throws a RowError, which does not quote it, where a spreadsheet has shortened it. */
function phoneIn(cell: string): string {
  try {
    return readPhone(cell);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw new RowError(
      'the phone was shortened by a spreadsheet; format the column as text, and export again',
    );
  }
}

const cellReader =
  (cells: readonly string[]) =>
  (index: number | undefined): string =>
    index === undefined ? '' : (cells[index] ?? '').trim();

/** Returns the member of a row, or (never throws) the error of an invalid row, which contains no phone number. */
export function readMemberOrError(format: MemberFormat, cells: readonly string[]): Member | RowError {
  try {
    return readMember(format, cells);
  } catch (error) {
    if (error instanceof RowError) return error;
    throw error;
  }
}

/** Common spellings of "yes" and "no", which are no proof of a consent. */
const NO_PROOF = /^(?:y|n|yes|no|true|false|t|f|x|0|1|-|ok|null|none|n\/a|是|否|有|无|同意|不同意)$/i;
const PROOF_LENGTH_MAX = 200;
const WELL_FORMED = /^[^\p{Cc}\p{Cs}\uFFFD]*$/u;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HAS_OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;

/** Returns the consent of a row, or none where both cells are empty. Throws a RowError where one is missing or invalid. */
function consentIn(
  { timeZone, nowMs }: MemberFormat,
  purpose: ConsentPurpose,
  proof: string,
  time: string,
): Consent[] {
  const name = CONSENT_PREFIX + purpose;
  if (proof === '' && time === '') return [];
  if (proof === '') throw new RowError(`${name} has a time and no proof`);
  if (time === '') throw new RowError(`${name} has a proof and no time`);
  if (NO_PROOF.test(proof))
    throw new RowError(`${name}: "${proof}" is no proof; name the form or the record`);
  if (proof.length > PROOF_LENGTH_MAX || !WELL_FORMED.test(proof)) {
    throw new RowError(
      `${name}: the proof is longer than ${PROOF_LENGTH_MAX} characters, or contains control characters`,
    );
  }
  const column = `${name}${TIME_SUFFIX}`;
  const isDate = DAY.test(time);
  if (timeZone === undefined && (isDate || !HAS_OFFSET.test(time))) throw needsZone(column);
  const parse = (text: string): number | undefined => parseLocalTime(text, timeZone ?? 'UTC')?.instantMs;
  // Where clocks are put forward at midnight, the day begins at one.
  const atMs = isDate ? (parse(`${time}T00:00:00`) ?? parse(`${time}T01:00:00`)) : parse(time);
  if (atMs === undefined)
    throw new RowError(`${column}: "${time}" is not a time such as 2026-11-22T10:03:12+08:00`);
  if (atMs > nowMs) throw new RowError(`${column} is in the future`);
  const decision = { purpose, isGranted: true, proof, source: 'import' };
  if (!isDate) return [{ ...decision, atMs, receivedAtMs: nowMs }];
  const untilMs = parse(`${time}T23:59:59`) ?? atMs;
  return [datedConsent(decision, { fromMs: atMs, untilMs }, nowMs)];
}

const needsZone = (column: string): RowError =>
  new RowError(`${column} has no offset, and the stores have different time zones; pass --time-zone`);

/** Many chains use the phone number as the member number. */
const LIKE_A_PHONE = /\d{10}/;

/** Returns member number and phone of a row for the rejects file, with every phone number masked. */
export function maskedIdsOf(
  { columns, country }: MemberFormat,
  cells: readonly string[],
): readonly [memberNo: string, phone: string] {
  const cell = cellReader(cells);
  const number = cell(columns.memberIndex);
  const asPhone = LIKE_A_PHONE.test(number) ? toE164(number, country) : undefined;
  const phone = toE164(cell(columns.phoneIndex), country);
  return [asPhone === undefined ? number : maskPhone(asPhone), phone === undefined ? '' : maskPhone(phone)];
}
