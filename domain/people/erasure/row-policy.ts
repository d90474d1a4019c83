/**
 * The policy of an erasure for each row that contains a trace of the customer, table by table. Most rows are deleted. Rows
 * that figures and campaign reports are computed from are kept without the customer:
 *
 *   receipts          without phone and member number
 *   visit revisions   under a pseudonym per day and store
 *   push decisions    under a pseudonym per campaign, without phone and link
 *   frames            without the user of the face
 *   dead letters      likewise, where they contain an event; others are deleted
 *
 * A pseudonym is derived from a secret of the erasure, so that a retry after a crash derives the same one. The policy is a
 * pure function of the row, because a row may be scanned in any state and more than once.
 */

import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId } from '../../chain/ids.ts';
import { dataWithout, factKey, factName } from '../../place/figures/fact-key.ts';
import type { VisitorDayKey } from '../../place/visits/visitor-day.ts';
import type { PersonalIdentifiers } from './personal-identifiers.ts';
import type { ItemKey, TableRow } from './table-row.ts';
import { type FindTraces, ownNumbers } from './trace-finder.ts';

/** The tables that are scanned. */
export const TABLES = [
  'Chain',
  'Devices',
  'People',
  'Campaigns',
  'Facts',
  'Visits',
  'Faces',
  'DeadLetters',
  'Cells',
] as const;
export type TableName = (typeof TABLES)[number];

export interface ErasureContext {
  readonly identifiers: PersonalIdentifiers;
  readonly findTraces: FindTraces;
  /** Derives a pseudonym of letters and digits, the same for the same text. */
  readonly pseudonymOf: (text: string) => string;
  /** Computes the fingerprint by which facts are compared. */
  readonly fingerprintOf: (data: string) => string;
  readonly nowMs: number;
}

export type ErasureAction =
  | { readonly kind: 'remove' }
  /** `by` replaces the row; with another key it is written before the row is deleted. `guard` must not have changed. */
  | { readonly kind: 'replace'; readonly by: TableRow; readonly guard: string }
  /** The row belongs to another customer and stays as it is. */
  | { readonly kind: 'others' }
  /** There is no policy for such a row, or it is in use; the erasure reports it as incomplete. */
  | { readonly kind: 'none' };

const REMOVE: ErasureAction = { kind: 'remove' };
const NONE: ErasureAction = { kind: 'none' };

/** Longer than any function may process a frame. */
const FRAME_AT_WORK_MS_MAX = 30_000;

/** Returns the keys of a customer's phones and of their endpoints at the push service. */
export const phoneKeys = ({
  device,
  endpoint,
}: Pick<PersonalIdentifiers, 'device' | 'endpoint'>): ItemKey[] => [
  ...device.map((deviceId) => ({ pk: `PHONE#${deviceId}`, sk: 'PHONE' })),
  ...endpoint.map((endpointArn) => ({ pk: `ENDPOINT#${endpointArn}`, sk: 'ENDPOINT' })),
];

/** Returns the key of a receipt's fact, by the receipt's name. */
export function receiptKey(receipt: string): ItemKey {
  const [storeId = '', tillId = '', day = '', receiptNo = ''] = receipt.split('/').map(decodeURIComponent);
  return factKey(storeId as StoreId, day as BusinessDay, factName.receipt(tillId, receiptNo));
}

/** Returns the keys of a visit revision's fact: under its visitor's id, and under the pseudonym after the erasure. */
export function revisionKeys(
  { visitorId, storeId, day }: VisitorDayKey,
  revision: number,
  context: ErasureContext,
): readonly [ItemKey, ItemKey] {
  const pseudonym = pseudonymOn(visitorId, storeId, day, context);
  return [
    factKey(storeId, day, factName.visit(visitorId, revision)),
    factKey(storeId, day, factName.visit(pseudonym, revision)),
  ];
}

const textOf = (row: TableRow, name: string): string => String(row[name] ?? '');
const kindOf = (key: string): string => key.split('#')[0] ?? '';

/** Returns what an erasure does with a row of a table. A replacement that still contains a trace is never returned. */
export function actionFor(table: TableName, row: TableRow, context: ErasureContext): ErasureAction {
  const action = ACTIONS[table](row, context);
  if (action.kind !== 'replace') return action;
  // A replacement with a trace in it would be scanned and replaced for ever.
  return context.findTraces(action.by).size === 0 ? action : NONE;
}

const ACTIONS: Readonly<Record<TableName, (row: TableRow, context: ErasureContext) => ErasureAction>> = {
  // No customer's data belongs in these tables, so an operator has to examine what was found.
  Chain: () => NONE,
  Cells: () => NONE,
  Devices: (row, { identifiers }) => (identifiers.key.includes(textOf(row, 'keyId')) ? REMOVE : NONE),
  People: actionForPersonRow,
  Campaigns: actionForCampaignRow,
  Facts: actionForFact,
  Visits: actionForVisitRow,
  Faces: actionForFaceRow,
  DeadLetters: actionForDeadLetter,
};

function actionForPersonRow(row: TableRow, { identifiers, findTraces }: ErasureContext): ErasureAction {
  // A number of theirs may have passed on to another customer.
  const owner = kindOf(row.pk) === 'IDENT' ? row['personId'] : row.pk.slice('PERSON#'.length);
  if (identifiers.person.includes(String(owner))) return REMOVE;
  switch (kindOf(row.pk) === 'PERSON' ? kindOf(row.sk) : kindOf(row.pk)) {
    case 'DOUBT':
    case 'SAME':
    case 'CONFLICTS':
      return REMOVE;
    case 'LINK':
      return isEndpointAlone(row, findTraces) ? { kind: 'others' } : NONE;
    case 'RECEIPT':
      // The receipt stays claimed, without a customer.
      return { kind: 'replace', by: { pk: row.pk, sk: row.sk }, guard: 'personId' };
    default:
      return NONE;
  }
}

/** A phone that was sold keeps its endpoint, which then also is in rows of its previous owner. */
const isEndpointAlone = (row: TableRow, tracesIn: FindTraces): boolean =>
  [...tracesIn(row)].every((kind) => kind === 'endpoint');

function actionForCampaignRow(row: TableRow, context: ErasureContext): ErasureAction {
  const { identifiers, findTraces } = context;
  const isOthers =
    row['gsi1pk'] !== undefined &&
    !identifiers.person.includes(textOf(row, 'gsi1pk').slice('PERSON#'.length));
  if (isOthers) return isEndpointAlone(row, findTraces) ? { kind: 'others' } : NONE;
  switch (kindOf(row.pk)) {
    case 'CAMPAIGN':
      return actionForDecision(row, context);
    case 'PHONE':
    case 'PUSHES':
    case 'LINK':
    case 'ENTERS':
    case 'ENDPOINT':
      return REMOVE;
    default:
      return NONE;
  }
}

/** Of a decision, times, counts and flags are kept, and of its texts only the reason. */
const isKeptOfDecision = (name: string, value: unknown): boolean =>
  typeof value === 'bigint' || typeof value === 'boolean' || name === 'reason' || name === 'claimedAs';

function actionForDecision(row: TableRow, { pseudonymOf }: ErasureContext): ErasureAction {
  const campaignId = row.pk.slice('CAMPAIGN#'.length);
  const [at = '', storeId = '', personId = ''] = row.sk.split('#');
  const pseudonym = `erased.${pseudonymOf(`${personId} in ${campaignId}`)}`;
  return {
    kind: 'replace',
    by: {
      ...Object.fromEntries(Object.entries(row).filter(([name, value]) => isKeptOfDecision(name, value))),
      ...(row['failure'] !== undefined && { failure: 'it was not sent' }),
      pk: row.pk,
      sk: `${at}#${storeId}#${pseudonym}`,
      decisionId: [campaignId, storeId, pseudonym, Date.parse(at)].join('~'),
    },
    guard: 'decisionId',
  };
}

function actionForFact(row: TableRow, context: ErasureContext): ErasureAction {
  switch (kindOf(row.sk)) {
    case 'RECEIPT':
    case 'CONFLICT':
      return actionForReceipt(row, context);
    case 'VISIT':
      return actionForRevision(row, context);
    default:
      return NONE;
  }
}

const RECEIPT_FIELDS = ['phone', 'memberNo'] as const;

/** The fields of a receipt that identify the customer. The other number on it may be another customer's. */
function ownFields(data: Readonly<Record<string, unknown>>, known: PersonalIdentifiers): string[] {
  const { isPhone, isMember } = ownNumbers(known);
  const isTheirs = { phone: isPhone, memberNo: isMember };
  return RECEIPT_FIELDS.filter((field) => data[field] !== undefined && isTheirs[field](String(data[field])));
}

function actionForReceipt(row: TableRow, { identifiers, fingerprintOf }: ErasureContext): ErasureAction {
  const before = textOf(row, 'data');
  const fields = ownFields(JSON.parse(before) as Record<string, unknown>, identifiers);
  if (fields.length === 0) return NONE;
  const data = dataWithout(before, fields);
  const erased = [...new Set([...((row['erased'] as string[] | undefined) ?? []), ...fields])];
  return {
    kind: 'replace',
    by: { ...row, data, fingerprint: fingerprintOf(data), erased },
    guard: 'data',
  };
}

/** The pseudonym of a visitor in published revisions: a different one on each day and in each store. */
const pseudonymOn = (
  visitor: string,
  storeId: unknown,
  day: unknown,
  { pseudonymOf }: ErasureContext,
): string => `gone.${pseudonymOf(`${visitor} on ${day} in ${storeId}`)}`;

/** Moves a visit revision to its visitor's pseudonym. */
function actionForRevision(row: TableRow, context: ErasureContext): ErasureAction {
  const revised = JSON.parse(textOf(row, 'data')) as Record<string, unknown>;
  const { visitor, revision, store, businessDay } = revised;
  if (!isTheirVisitor(String(visitor), context)) return NONE;
  const pseudonym = pseudonymOn(String(visitor), store, businessDay, context);
  const data = JSON.stringify({ ...revised, visitor: pseudonym });
  return {
    kind: 'replace',
    by: {
      ...row,
      sk: factName.visit(pseudonym, Number(revision)),
      data,
      fingerprint: context.fingerprintOf(data),
      erased: ['visitor'],
    },
    guard: 'seq',
  };
}

const isTheirVisitor = (visitor: string, { identifiers }: ErasureContext): boolean =>
  identifiers.visitor.includes(visitor);

function actionForVisitRow(row: TableRow, context: ErasureContext): ErasureAction {
  const names = [row.pk, row.sk].flatMap((key) =>
    ['VISITOR#', 'ALIAS#'].flatMap((prefix) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
  );
  const isPointer = kindOf(row.pk) === 'ALIAS' || kindOf(row.sk) === 'ALIAS';
  // Evidence of theirs in another visitor's day is about to be moved to their own, and is deleted there.
  return isPointer || names.some((name) => isTheirVisitor(name, context)) ? REMOVE : NONE;
}

function actionForFaceRow(row: TableRow, { identifiers, nowMs }: ErasureContext): ErasureAction {
  switch (kindOf(row.pk)) {
    case 'USERS':
      return identifiers.user.includes(row.sk) ? REMOVE : NONE;
    case 'FACE':
    case 'PAIR':
    case 'ALIAS':
      return REMOVE;
    case 'FRAME':
      return actionForFrame(row, identifiers, nowMs);
    default:
      return NONE;
  }
}

/** A frame's record of the faces in it. */
interface FrameFaces {
  readonly faces?: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly pairs?: ReadonlyArray<Readonly<Record<'from' | 'into', string>>>;
}

function actionForFrame(row: TableRow, known: PersonalIdentifiers, nowMs: number): ErasureAction {
  const name = row['resultJson'] === undefined ? 'planJson' : 'resultJson';
  const isAtWork = row['state'] !== 'done' && row['state'] !== 'open';
  if (row[name] === undefined || (isAtWork && Number(row['startedAtMs']) > nowMs - FRAME_AT_WORK_MS_MAX))
    return NONE;
  const { faces = [], pairs, ...rest } = JSON.parse(textOf(row, name)) as FrameFaces;
  const isTheirs = (userId: unknown): boolean => known.user.includes(String(userId));
  const anonymised = {
    ...rest,
    faces: faces.map((face) => {
      const { userId, userKind: _, isFirstToday: __, faceId, ...seen } = face;
      if (!isTheirs(userId)) return face;
      // A face that improved their record is one of theirs, and deleted. Any other is deleted by the plan, which now discards it.
      const isDeleted = faceId === undefined || known.face.includes(String(faceId));
      const discarded = { ...seen, act: 'discard', outcome: 'not-retained' };
      return isDeleted ? discarded : { ...discarded, faceId };
    }),
    ...(pairs && { pairs: pairs.filter(({ from, into }) => !isTheirs(from) && !isTheirs(into)) }),
  };
  return { kind: 'replace', by: { ...row, [name]: JSON.stringify(anonymised) }, guard: name };
}

function actionForDeadLetter(row: TableRow, context: ErasureContext): ErasureAction {
  const bytes = row['bytes'];
  const event = row.pk === 'LETTER' && bytes instanceof Uint8Array ? eventIn(bytes) : undefined;
  const data = event && anonymisedData(event.data, context);
  if (event === undefined || data === undefined) return REMOVE;
  const id = String(event['id']);
  const pseudonym = { ...event, id: anonymisedId(id, event.data, data), data };
  const by = { ...row, bytes: new TextEncoder().encode(JSON.stringify(pseudonym)) };
  return context.findTraces(by).size === 0 ? { kind: 'replace', by, guard: 'bytes' } : REMOVE;
}

type EventText = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> };

function eventIn(bytes: Uint8Array): EventText | undefined {
  try {
    const event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as EventText | null;
    return typeof event?.data === 'object' && event.data !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

/** The data of an event without the customer; undefined where the event cannot be kept without. */
function anonymisedData(data: EventText['data'], context: ErasureContext): EventText['data'] | undefined {
  const { visitor, store, businessDay, revision, ...rest } = data;
  if (visitor === undefined) {
    const fields = ownFields(data, context.identifiers);
    return Object.fromEntries(Object.entries(data).filter(([field]) => !fields.includes(field)));
  }
  if (!isTheirVisitor(String(visitor), context)) return undefined;
  // A revision keeps the pseudonym of its fact; a sighting becomes one without a visitor.
  if (revision === undefined) return { store, businessDay, ...rest };
  return { ...data, visitor: pseudonymOn(String(visitor), store, businessDay, context) };
}

const anonymisedId = (id: string, before: EventText['data'], after: EventText['data']): string =>
  before['visitor'] === undefined || after['visitor'] === undefined
    ? id
    : id.replace(encodeURIComponent(String(before['visitor'])), String(after['visitor']));
