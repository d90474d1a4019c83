/**
 * Imports a member list: finds each member by member number or phone, creates those that do not exist, and records their
 * consents. Nothing is overwritten, so a file can be imported again and an interrupted import resumes.
 */
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import {
  type Identifier,
  type IdentifierKind,
  mayLink,
  PHONES_MAX,
} from '#domain/people/customers/customer.ts';
import type { Checkpoints } from '../import/checkpoint.ts';
import { csvLine, type Row } from '../import/csv-stream.ts';
import { RowError } from '../import/values.ts';
import { type Member, type MemberFormat, maskedIdsOf, readMemberOrError } from './columns.ts';
import { EMPTY_MEMBERS_IMPORT, type MembersImportState } from './import-state.ts';

export const MEMBERS_REJECTS_HEADER = ['line', 'member', 'phone', 'reason'] as const;

export interface ImportMembersPorts {
  readonly rows: AsyncIterable<Row>;
  readonly format: MemberFormat;
  /** Recorded as the evidence of each identity link. */
  readonly fileName: string;
  readonly people: Pick<PersonStore, 'find' | 'bind' | 'link' | 'links' | 'addConsent'>;
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
  | { readonly kind: 'created' | 'existing'; readonly consents: number }
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
async function* batchesOf({ rows, format }: ImportMembersPorts, afterRow: number): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  let inBatch = new Set<string>();
  for await (const row of rows) {
    if (row.number <= afterRow) continue;
    const read = readMemberOrError(format, row.cells);
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

/** Reasons for which an existing customer cannot get a further identifier. */
const TOO_MANY: Readonly<Record<IdentifierKind, string>> = {
  member: 'the phone belongs to a customer with another member number',
  phone: `the member already has ${PHONES_MAX} phones`,
  device: '',
};

/**
 * Saves a row completely or not at all. The exception is a race: an identifier that another writer links at the same time is
 * refused after the row's first identifier has been linked.
 */
async function saveMember(ports: ImportMembersPorts, member: Member, evidence: string): Promise<Outcome> {
  const { people, newPersonId, nowMs } = ports;
  const origin = { source: 'import', evidence, confidence: 1, linkedAtMs: nowMs(), author: AUTHOR };
  const { identifiers, consents } = member;
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  const [existing, ...conflicting] = new Set(owners.filter((owner) => owner !== undefined));
  if (conflicting.length > 0) return { kind: 'refused', reason: 'the phone belongs to another customer' };
  const [first] = identifiers as [Identifier, ...Identifier[]];
  const unlinked = identifiers.filter((_, index) => owners[index] === undefined);
  if (existing !== undefined && unlinked.length > 0) {
    const links = await people.links(existing);
    const refused = unlinked.find((identifier) => !mayLink(links, identifier));
    if (refused !== undefined) return { kind: 'refused', reason: TOO_MANY[refused.kind] };
  }
  const personId = existing ?? (await people.bind(first, origin, newPersonId()));
  for (const identifier of unlinked) {
    const linked = await people.link(personId, { ...identifier, ...origin });
    if (linked.kind === 'taken') {
      return { kind: 'refused', reason: `the ${identifier.kind} belongs to another customer` };
    }
    if (linked.kind === 'gone') return BEING_ERASED;
  }
  for (const consent of consents) {
    if ((await people.addConsent(personId, consent)).kind === 'gone') return BEING_ERASED;
  }
  return { kind: existing === undefined ? 'created' : 'existing', consents: consents.length };
}

function stateAfter(
  { format, reject }: ImportMembersPorts,
  state: MembersImportState,
  row: Row,
  outcome: Outcome,
): MembersImportState {
  const next = { ...state, rowsDone: row.number, rows: state.rows + 1 };
  if (outcome.kind !== 'refused') {
    return {
      ...next,
      [outcome.kind]: state[outcome.kind] + 1,
      consents: state.consents + outcome.consents,
    };
  }
  const line = csvLine([row.line, ...maskedIdsOf(format, row.cells), outcome.reason]);
  return { ...next, refused: state.refused + 1, rejectsBytes: state.rejectsBytes + reject(line) };
}
