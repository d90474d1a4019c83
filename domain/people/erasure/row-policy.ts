/**
 * What becomes of a row in which there is a trace of somebody who is forgotten, table by table. Most rows go. What figures
 * and proofs are counted from stays, and names nobody any more:
 *
 *   receipts          without telephone and member number
 *   visits as told    under another name, one for each day and store
 *   decisions         under another name, one for each campaign, and without phone and link
 *   frames seen       without saying who was in them
 *   dead letters      likewise, where they are events; others go
 *
 * The other name is made of a secret of the erasure, so that made again after a crash it is the same one. Decided purely, row
 * by row, because a row may be met in any state and more than once.
 */

import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId } from '../../chain/ids.ts';
import { dataWithout, factKey, factName } from '../../place/figures/fact-key.ts';
import type { VisitorDayKey } from '../../place/visits/visitor-day.ts';
import type { PersonalIdentifiers } from './erasure.ts';
import { type FindTraces, ownNumbers } from './personal-identifiers.ts';
import type { ItemKey, TableRow } from './table-row.ts';

/** The tables, by what is in them. */
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
  /** A name that stands for nobody: the same for the same text, of letters and digits. */
  readonly pseudonymOf: (text: string) => string;
  /** What facts are compared by. */
  readonly fingerprintOf: (data: string) => string;
  readonly nowMs: number;
}

export type ErasureAction =
  | { readonly kind: 'remove' }
  /** Written in its place; where the key is another, before it goes. `guard` is the attribute that must not have changed. */
  | { readonly kind: 'replace'; readonly by: TableRow; readonly guard: string }
  /** About somebody else. */
  | { readonly kind: 'others' }
  /** Nobody has said what is to become of such a row, or its time has not come. */
  | { readonly kind: 'none' };

const REMOVE: ErasureAction = { kind: 'remove' };
const NONE: ErasureAction = { kind: 'none' };

/** Longer than any function may be at work on a frame. */
const FRAME_AT_WORK_MS_MAX = 30_000;

/** Where the phones of somebody stand, and what the push service calls them. */
export const phoneKeys = ({
  device,
  endpoint,
}: Pick<PersonalIdentifiers, 'device' | 'endpoint'>): ItemKey[] => [
  ...device.map((deviceId) => ({ pk: `PHONE#${deviceId}`, sk: 'PHONE' })),
  ...endpoint.map((endpointArn) => ({ pk: `ENDPOINT#${endpointArn}`, sk: 'ENDPOINT' })),
];

/** Where the fact of a receipt stands, by the receipt's name. */
export function receiptKey(receipt: string): ItemKey {
  const [storeId = '', tillId = '', day = '', receiptNo = ''] = receipt.split('/').map(decodeURIComponent);
  return factKey(storeId as StoreId, day as BusinessDay, factName.receipt(tillId, receiptNo));
}

/** Where the fact of a telling stands: under its visitor's name, and under the one it has once they are forgotten. */
export function revisionKeys(
  { visitorId, storeId, day }: VisitorDayKey,
  revision: number,
  forgetting: ErasureContext,
): readonly [ItemKey, ItemKey] {
  const nobody = nobodyOn(visitorId, storeId, day, forgetting);
  return [
    factKey(storeId, day, factName.visit(visitorId, revision)),
    factKey(storeId, day, factName.visit(nobody, revision)),
  ];
}

const textOf = (row: TableRow, name: string): string => String(row[name] ?? '');
const kindOf = (key: string): string => key.split('#')[0] ?? '';

export function actionFor(table: TableName, row: TableRow, forgetting: ErasureContext): ErasureAction {
  const remedy = REMEDIES[table](row, forgetting);
  if (remedy.kind !== 'replace') return remedy;
  // What still names them would be found again, and again.
  return forgetting.findTraces(remedy.by).size === 0 ? remedy : NONE;
}

const REMEDIES: Readonly<Record<TableName, (row: TableRow, forgetting: ErasureContext) => ErasureAction>> = {
  // Nothing of a shopper belongs in there, so whatever it is somebody has to look at it.
  Chain: () => NONE,
  Cells: () => NONE,
  Devices: (row, { identifiers }) => (identifiers.key.includes(textOf(row, 'keyId')) ? REMOVE : NONE),
  People: personRemedy,
  Campaigns: momentRemedy,
  Facts: factRemedy,
  Visits: visitRemedy,
  Faces: faceRemedy,
  DeadLetters: letterRemedy,
};

function personRemedy(row: TableRow, { identifiers, findTraces }: ErasureContext): ErasureAction {
  // A number of theirs may point at somebody else by now, who uses it again.
  const owner = kindOf(row.pk) === 'IDENT' ? row['personId'] : row.pk.slice('PERSON#'.length);
  if (identifiers.person.includes(String(owner))) return REMOVE;
  switch (kindOf(row.pk) === 'PERSON' ? kindOf(row.sk) : kindOf(row.pk)) {
    case 'DOUBT':
      return REMOVE;
    case 'LINK':
      return isEndpointAlone(row, findTraces) ? { kind: 'others' } : NONE;
    case 'RECEIPT':
      // Claimed for ever, by nobody.
      return { kind: 'replace', by: { pk: row.pk, sk: row.sk }, guard: 'personId' };
    default:
      return NONE;
  }
}

/** A phone that was sold takes its endpoint along, and stands with whom it was bound to before. */
const isEndpointAlone = (row: TableRow, tracesIn: FindTraces): boolean =>
  [...tracesIn(row)].every((kind) => kind === 'endpoint');

function momentRemedy(row: TableRow, forgetting: ErasureContext): ErasureAction {
  const { identifiers, findTraces } = forgetting;
  const isOthers =
    row['gsi1pk'] !== undefined &&
    !identifiers.person.includes(textOf(row, 'gsi1pk').slice('PERSON#'.length));
  if (isOthers) return isEndpointAlone(row, findTraces) ? { kind: 'others' } : NONE;
  switch (kindOf(row.pk)) {
    case 'CAMPAIGN':
      return decisionRemedy(row, forgetting);
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

/** Times, counts and whether it was so stay of a decision, and of its texts only what it came to. */
const isKeptOfDecision = (name: string, value: unknown): boolean =>
  typeof value === 'bigint' || typeof value === 'boolean' || name === 'reason' || name === 'claimedAs';

function decisionRemedy(row: TableRow, { pseudonymOf }: ErasureContext): ErasureAction {
  const campaignId = row.pk.slice('CAMPAIGN#'.length);
  const [at = '', storeId = '', personId = ''] = row.sk.split('#');
  const nobody = `erased.${pseudonymOf(`${personId} in ${campaignId}`)}`;
  return {
    kind: 'replace',
    by: {
      ...Object.fromEntries(Object.entries(row).filter(([name, value]) => isKeptOfDecision(name, value))),
      ...(row['failure'] !== undefined && { failure: 'it was not sent' }),
      pk: row.pk,
      sk: `${at}#${storeId}#${nobody}`,
      decisionId: [campaignId, storeId, nobody, Date.parse(at)].join('~'),
    },
    guard: 'decisionId',
  };
}

function factRemedy(row: TableRow, forgetting: ErasureContext): ErasureAction {
  switch (kindOf(row.sk)) {
    case 'RECEIPT':
      return receiptRemedy(row, forgetting);
    case 'VISIT':
      return tellingRemedy(row, forgetting);
    default:
      return NONE;
  }
}

const RECEIPT_FIELDS = ['phone', 'memberNo'] as const;

/** The fields of a receipt that name them. The other number on it may be somebody else's. */
function fieldsOfTheirs(data: Readonly<Record<string, unknown>>, known: PersonalIdentifiers): string[] {
  const { isPhone, isMember } = ownNumbers(known);
  const isTheirs = { phone: isPhone, memberNo: isMember };
  return RECEIPT_FIELDS.filter((field) => data[field] !== undefined && isTheirs[field](String(data[field])));
}

function receiptRemedy(row: TableRow, { identifiers, fingerprintOf }: ErasureContext): ErasureAction {
  const before = textOf(row, 'data');
  const fields = fieldsOfTheirs(JSON.parse(before) as Record<string, unknown>, identifiers);
  if (fields.length === 0) return NONE;
  const data = dataWithout(before, fields);
  const erased = [...new Set([...((row['erased'] as string[] | undefined) ?? []), ...fields])];
  return {
    kind: 'replace',
    by: { ...row, data, fingerprint: fingerprintOf(data), erased },
    guard: 'data',
  };
}

/** Who a visitor is from now on in what was told of them: another on each day and in each store. */
const nobodyOn = (visitor: string, storeId: unknown, day: unknown, { pseudonymOf }: ErasureContext): string =>
  `gone.${pseudonymOf(`${visitor} on ${day} in ${storeId}`)}`;

/** The row under which a telling of a visit stands once its visitor is forgotten. */
function tellingRemedy(row: TableRow, forgetting: ErasureContext): ErasureAction {
  const told = JSON.parse(textOf(row, 'data')) as Record<string, unknown>;
  const { visitor, revision, store, businessDay } = told;
  if (!isTheirBody(String(visitor), forgetting)) return NONE;
  const nobody = nobodyOn(String(visitor), store, businessDay, forgetting);
  const data = JSON.stringify({ ...told, visitor: nobody });
  return {
    kind: 'replace',
    by: {
      ...row,
      sk: factName.visit(nobody, Number(revision)),
      data,
      fingerprint: forgetting.fingerprintOf(data),
      erased: ['visitor'],
    },
    guard: 'seq',
  };
}

const isTheirBody = (visitor: string, { identifiers }: ErasureContext): boolean =>
  identifiers.visitor.includes(visitor);

function visitRemedy(row: TableRow, forgetting: ErasureContext): ErasureAction {
  const names = [row.pk, row.sk].flatMap((key) =>
    ['VISITOR#', 'ALIAS#'].flatMap((prefix) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
  );
  const isPointer = kindOf(row.pk) === 'ALIAS' || kindOf(row.sk) === 'ALIAS';
  // Evidence of theirs in another's stay is on its way home, and is found there.
  return isPointer || names.some((name) => isTheirBody(name, forgetting)) ? REMOVE : NONE;
}

function faceRemedy(row: TableRow, { identifiers, nowMs }: ErasureContext): ErasureAction {
  switch (kindOf(row.pk)) {
    case 'USERS':
      return identifiers.user.includes(row.sk) ? REMOVE : NONE;
    case 'FACE':
    case 'PAIR':
    case 'ALIAS':
      return REMOVE;
    case 'FRAME':
      return frameRemedy(row, identifiers, nowMs);
    default:
      return NONE;
  }
}

/** Of a frame, what is kept of each face in it. */
interface FrameFaces {
  readonly faces?: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly pairs?: ReadonlyArray<Readonly<Record<'from' | 'into', string>>>;
}

function frameRemedy(row: TableRow, known: PersonalIdentifiers, nowMs: number): ErasureAction {
  const name = row['resultJson'] === undefined ? 'planJson' : 'resultJson';
  const isAtWork = row['state'] !== 'done' && row['state'] !== 'open';
  if (row[name] === undefined || (isAtWork && Number(row['startedAtMs']) > nowMs - FRAME_AT_WORK_MS_MAX))
    return NONE;
  const { faces = [], pairs, ...rest } = JSON.parse(textOf(row, name)) as FrameFaces;
  const isTheirs = (userId: unknown): boolean => known.user.includes(String(userId));
  const strangers = {
    ...rest,
    faces: faces.map((face) => {
      const { userId, userKind: _, isFirstToday: __, ...seen } = face;
      // Their vector goes, if it is still there; nobody is known by it any more.
      return isTheirs(userId) ? { ...seen, act: 'discard', outcome: 'not-retained' } : face;
    }),
    ...(pairs && { pairs: pairs.filter(({ from, into }) => !isTheirs(from) && !isTheirs(into)) }),
  };
  return { kind: 'replace', by: { ...row, [name]: JSON.stringify(strangers) }, guard: name };
}

function letterRemedy(row: TableRow, forgetting: ErasureContext): ErasureAction {
  const bytes = row['bytes'];
  const event = row.pk === 'LETTER' && bytes instanceof Uint8Array ? eventIn(bytes) : undefined;
  const data = event && dataOfNobody(event.data, forgetting);
  if (event === undefined || data === undefined) return REMOVE;
  const id = String(event['id']);
  const nobody = { ...event, id: idOfNobody(id, event.data, data), data };
  const by = { ...row, bytes: new TextEncoder().encode(JSON.stringify(nobody)) };
  return forgetting.findTraces(by).size === 0 ? { kind: 'replace', by, guard: 'bytes' } : REMOVE;
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

/** What an event of theirs tells, of nobody; undefined where that is not known of it. */
function dataOfNobody(data: EventText['data'], forgetting: ErasureContext): EventText['data'] | undefined {
  const { visitor, store, businessDay, revision, ...rest } = data;
  if (visitor === undefined) {
    const fields = fieldsOfTheirs(data, forgetting.identifiers);
    return Object.fromEntries(Object.entries(data).filter(([field]) => !fields.includes(field)));
  }
  if (!isTheirBody(String(visitor), forgetting)) return undefined;
  // A telling goes on under the name that its fact has, and a sighting was of somebody who may not be told apart.
  if (revision === undefined) return { store, businessDay, ...rest };
  return { ...data, visitor: nobodyOn(String(visitor), store, businessDay, forgetting) };
}

const idOfNobody = (id: string, before: EventText['data'], after: EventText['data']): string =>
  before['visitor'] === undefined || after['visitor'] === undefined
    ? id
    : id.replace(encodeURIComponent(String(before['visitor'])), String(after['visitor']));
