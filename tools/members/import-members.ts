/**
 * Imports a member list: finds each member by member number or phone, creates those that do not exist, and records their
 * consents. Nothing is overwritten, so a file can be imported again and an interrupted import resumes.
 */
import type { LinkEvidence, PersonStore } from '#application/ports/person-store.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { type Identifier, mayLink, PHONES_MAX } from '#domain/people/customers/customer.ts';
import { isOverused } from '#domain/people/customers/overuse.ts';
import type { Checkpoints } from '../import/checkpoint.ts';
import { csvLine, type Row } from '../import/csv-stream.ts';
import { RowError } from '../import/values.ts';
import {
  type Member,
  type MemberFormat,
  maskedIdsOf,
  readMemberOrError,
  sharedNumberError,
} from './columns.ts';
import { EMPTY_MEMBERS_IMPORT, type MembersImportState } from './import-state.ts';

export const MEMBERS_REJECTS_HEADER = ['line', 'member', 'phone', 'reason'] as const;

export interface ImportMembersPorts {
  readonly rows: AsyncIterable<Row>;
  readonly format: MemberFormat;
  /** Recorded as the evidence of each identity link. */
  readonly fileName: string;
  /** Member numbers that stand beside different phones in the file. */
  readonly sharedNumbers: ReadonlySet<string>;
  readonly people: Pick<
    PersonStore,
    'find' | 'bind' | 'link' | 'links' | 'load' | 'addConsent' | 'addDoubt' | 'setBirthYear'
  >;
  readonly newPersonId: () => PersonId;
  readonly checkpoints: Checkpoints<MembersImportState>;
  /** Writes a line of the rejects file and returns its length in bytes. */
  readonly reject: (line: string) => number;
  readonly stop: AbortSignal;
  readonly nowMs: () => number;
  /** Called with the state after every batch. */
  readonly onState: (state: MembersImportState) => void;
}

type Outcome =
  | {
      readonly kind: 'created' | 'existing';
      readonly consents: number;
      /** Why the phone of the row was left out. */
      readonly withoutPhone?: string | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Rows processed concurrently. A crash repeats them, which changes nothing. */
const ROWS_AT_ONCE_MAX = 32;
const SAVED_EVERY_MS = 1_000;

const AUTHOR = 'aisle import';

/**
 * Imports until the end of the file, or until it is stopped. Throws where a store does, after saving the checkpoint.
 *
 * @param previous state of the earlier run to resume
 * @returns the state over all runs
 */
export async function importMembers(
  ports: ImportMembersPorts,
  previous: MembersImportState = EMPTY_MEMBERS_IMPORT,
): Promise<{ readonly isComplete: boolean; readonly state: MembersImportState }> {
  let state = previous;
  let savedAtMs = ports.nowMs();
  try {
    for await (const batch of batchesOf(ports, previous.rowsDone)) {
      if (ports.stop.aborted) break;
      const outcomes = await Promise.all(
        batch.map(async ({ row, read }) => ({ row, outcome: await outcomeOf(ports, row, read) })),
      );
      for (const { row, outcome } of outcomes) state = stateAfter(ports, state, row, outcome);
      ports.onState(state);
      if (ports.nowMs() - savedAtMs < SAVED_EVERY_MS) continue;
      savedAtMs = ports.nowMs();
      ports.checkpoints.save(state);
    }
  } catch (error) {
    ports.checkpoints.save(state);
    throw error;
  }
  const isComplete = !ports.stop.aborted;
  if (isComplete) ports.checkpoints.remove();
  else ports.checkpoints.save(state);
  return { isComplete, state };
}

interface ReadRow {
  readonly row: Row;
  readonly read: Member | RowError;
}

/** Yields rows that can be processed concurrently: no two of a batch share an identifier, so rows that do keep their order. */
async function* batchesOf(
  { rows, format, sharedNumbers }: ImportMembersPorts,
  afterRow: number,
): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  let inBatch = new Set<string>();
  for await (const row of rows) {
    if (row.number <= afterRow) continue;
    const parsed = readMemberOrError(format, row.cells);
    const read = parsed instanceof RowError ? parsed : (sharedNumberError(parsed, sharedNumbers) ?? parsed);
    const ids = read instanceof RowError ? [] : read.identifiers.map(({ kind, value }) => `${kind} ${value}`);
    if (batch.length === ROWS_AT_ONCE_MAX || ids.some((id) => inBatch.has(id))) {
      yield batch;
      batch = [];
      inBatch = new Set();
    }
    batch.push({ row, read });
    for (const id of ids) inBatch.add(id);
  }
  if (batch.length > 0) yield batch;
}

async function outcomeOf(ports: ImportMembersPorts, row: Row, read: Member | RowError): Promise<Outcome> {
  return read instanceof RowError
    ? { kind: 'refused', reason: read.message }
    : await saveMember(ports, read, `${ports.fileName}, line ${row.line}`);
}

const BEING_ERASED: Outcome = { kind: 'refused', reason: 'the customer is being erased' };

const PHONE_IS_SHARED =
  'the phone has more purchases on a day than one person makes, so it identifies no customer';

/**
 * Saves a row: the member with their consents, and the phone unless it is another customer's. The register is the chain's own
 * word on its members, so a phone that is in the way is reported and never costs a consent. The exception is a race: an
 * identifier that another writer links at the same time is refused after the row's first identifier has been linked.
 */
async function saveMember(ports: ImportMembersPorts, member: Member, evidence: string): Promise<Outcome> {
  const { people, newPersonId, nowMs } = ports;
  const origin = { source: 'import', evidence, confidence: 1, linkedAtMs: nowMs(), author: AUTHOR };
  const [first, phone] = member.identifiers as [Identifier, Identifier?];
  const existing = await people.find(first);
  if (phone === undefined && first.kind === 'phone' && (await isOverusedOwner(ports, existing)))
    return { kind: 'refused', reason: PHONE_IS_SHARED };
  const owner = phone === undefined ? undefined : await people.find(phone);
  const adopts = existing === undefined && owner !== undefined && (await mayAdopt(ports, owner, first));
  const personId = existing ?? (adopts ? owner : await people.bind(first, origin, newPersonId()));
  let withoutPhone: string | undefined;
  if (adopts) {
    const linked = await people.link(personId, { ...first, ...origin });
    if (linked.kind === 'gone') return BEING_ERASED;
    if (linked.kind === 'taken') return { kind: 'refused', reason: 'the member belongs to another customer' };
  } else if (phone !== undefined && owner !== personId) {
    const linked = await linkPhone(ports, personId, phone, owner, origin);
    if (linked === 'gone') return BEING_ERASED;
    withoutPhone = linked;
  }
  const { birthYear } = member;
  if (birthYear !== undefined && (await people.setBirthYear(personId, birthYear, nowMs())).kind === 'gone')
    return BEING_ERASED;
  for (const consent of member.consents) {
    if ((await people.addConsent(personId, consent)).kind === 'gone') return BEING_ERASED;
  }
  const kind = existing === undefined && !adopts ? 'created' : 'existing';
  return { kind, consents: member.consents.length, withoutPhone };
}

/** Returns whether a member number may be linked to the owner of a phone: they have none, and are one person. */
async function mayAdopt(ports: ImportMembersPorts, owner: PersonId, member: Identifier): Promise<boolean> {
  return mayLink(await ports.people.links(owner), member) && !(await isOverusedOwner(ports, owner));
}

const isOverusedOwner = async (
  { people }: ImportMembersPorts,
  personId: PersonId | undefined,
): Promise<boolean> => personId !== undefined && isOverused((await people.load(personId))?.purchases ?? []);

/** Links the phone of a row to its member; returns why not where it cannot be, and `gone` where the member is being erased. */
async function linkPhone(
  ports: ImportMembersPorts,
  personId: PersonId,
  phone: Identifier,
  known: PersonId | undefined,
  origin: LinkEvidence,
): Promise<string | undefined> {
  const { people } = ports;
  let owner = known;
  if (owner === undefined) {
    if (!mayLink(await people.links(personId), phone)) return `the member already has ${PHONES_MAX} phones`;
    const linked = await people.link(personId, { ...phone, ...origin });
    if (linked.kind !== 'taken') return linked.kind === 'gone' ? 'gone' : undefined;
    owner = linked.by;
  }
  if (await isOverusedOwner(ports, owner)) return PHONE_IS_SHARED;
  const isMember = (await people.links(owner)).some(({ kind }) => kind === 'member');
  // The register has two members with one phone: a family, and not one person.
  if (isMember) return 'the phone belongs to a customer with another member number';
  const { source, evidence, linkedAtMs: atMs } = origin;
  await people.addDoubt(personId, { other: owner, kind: 'phone', source, evidence, atMs });
  return 'the phone belongs to another customer; the two are proposed for merging: aisle members conflicts';
}

function stateAfter(
  { format, reject }: ImportMembersPorts,
  state: MembersImportState,
  row: Row,
  outcome: Outcome,
): MembersImportState {
  const next = { ...state, rowsDone: row.number, rows: state.rows + 1 };
  const rejected = (reason: string): number =>
    state.rejectsBytes + reject(csvLine([row.line, ...maskedIdsOf(format, row.cells), reason]));
  if (outcome.kind === 'refused')
    return { ...next, refused: state.refused + 1, rejectsBytes: rejected(outcome.reason) };
  const { kind, consents, withoutPhone } = outcome;
  return {
    ...next,
    [kind]: state[kind] + 1,
    consents: state.consents + consents,
    ...(withoutPhone !== undefined && {
      withoutPhone: state.withoutPhone + 1,
      rejectsBytes: rejected(`imported without the phone: ${withoutPhone}`),
    }),
  };
}
