/**
 * A register's CSV into people: who is known by a member number or a phone is found, everybody else is made, and what they
 * agreed to is written down. Nothing is ever overwritten, so the same file may be imported again, and one that was cut short
 * goes on.
 */
import type { PersonStore } from '#adapters/dynamodb/person-store.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import { type Identifier, type IdentifierKind, mayHold, PHONES_MAX } from '#domain/people/person.ts';
import type { Checkpoints } from '../import/checkpoint.ts';
import { csvLine, type Row } from '../import/csv-stream.ts';
import { RowFault } from '../import/values.ts';
import { aboutOf, type Member, type Reading, readOrFault } from './columns.ts';
import { type MembersProgress, NO_MEMBERS } from './import-state.ts';

export const MEMBER_REJECTS_HEADER = ['line', 'member', 'phone', 'reason'] as const;

export interface ImportMembersPorts {
  readonly rows: AsyncIterable<Row>;
  readonly reading: Reading;
  /** The file's name, by which a link says where it is from. */
  readonly fileName: string;
  readonly people: Pick<PersonStore, 'find' | 'bind' | 'link' | 'links' | 'addConsent'>;
  readonly newPersonId: () => PersonId;
  readonly checkpoints: Checkpoints<MembersProgress>;
  /** Writes a line of the file of rejects; its length in bytes. */
  readonly reject: (line: string) => number;
  readonly stop: AbortSignal;
  readonly nowMs: () => number;
  readonly onProgress: (progress: MembersProgress) => void;
}

type Outcome =
  | { readonly kind: 'made' | 'known'; readonly consents: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Rows that are taken at once. A crash repeats them, which changes nothing. */
const ROWS_AT_ONCE_MAX = 32;
const SAVED_EVERY_MS = 1_000;

const AUTHOR = 'aisle import';

/** Imports until the end of the file, or until it is stopped; what was booked in all runs together. */
export async function importMembers(
  ports: ImportMembersPorts,
  begun: MembersProgress = NO_MEMBERS,
): Promise<{ readonly isComplete: boolean; readonly progress: MembersProgress }> {
  let progress = begun;
  let savedAtMs = ports.nowMs();
  try {
    for await (const batch of batchesOf(ports, begun.rowsDone)) {
      if (ports.stop.aborted) break;
      const outcomes = await Promise.all(
        batch.map(async ({ row, read }) => ({ row, outcome: await outcomeOf(ports, row, read) })),
      );
      for (const { row, outcome } of outcomes) progress = booked(ports, progress, row, outcome);
      ports.onProgress(progress);
      if (ports.nowMs() - savedAtMs < SAVED_EVERY_MS) continue;
      savedAtMs = ports.nowMs();
      ports.checkpoints.save(progress);
    }
  } catch (error) {
    ports.checkpoints.save(progress);
    throw error;
  }
  const isComplete = !ports.stop.aborted;
  if (isComplete) ports.checkpoints.remove();
  else ports.checkpoints.save(progress);
  return { isComplete, progress };
}

interface ReadRow {
  readonly row: Row;
  readonly read: Member | RowFault;
}

/** Rows that may be taken at once: no two of a batch name the same number, so that of two the first comes first. */
async function* batchesOf(
  { rows, reading }: ImportMembersPorts,
  afterRow: number,
): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  let names = new Set<string>();
  for await (const row of rows) {
    if (row.number <= afterRow) continue;
    const read = readOrFault(reading, row.cells);
    const its = read instanceof RowFault ? [] : read.identifiers.map(({ kind, value }) => `${kind} ${value}`);
    if (batch.length === ROWS_AT_ONCE_MAX || its.some((name) => names.has(name))) {
      yield batch;
      batch = [];
      names = new Set();
    }
    batch.push({ row, read });
    for (const name of its) names.add(name);
  }
  if (batch.length > 0) yield batch;
}

async function outcomeOf(ports: ImportMembersPorts, row: Row, read: Member | RowFault): Promise<Outcome> {
  return read instanceof RowFault
    ? { kind: 'refused', reason: read.message }
    : await keep(ports, read, `${ports.fileName}, line ${row.line}`);
}

const GONE: Outcome = { kind: 'refused', reason: 'the person is being erased' };

/** What keeps an identifier from being given to a person. */
const TOO_MANY: Readonly<Record<IdentifierKind, string>> = {
  member: 'the phone is of somebody with another member number',
  phone: `the member has ${PHONES_MAX} phones already`,
  device: '',
};

/** A row is kept whole or not at all, but for one whose number somebody else was given in the same moment. */
async function keep(ports: ImportMembersPorts, member: Member, evidence: string): Promise<Outcome> {
  const { people, newPersonId, nowMs } = ports;
  const ground = { source: 'import', evidence, confidence: 1, linkedAtMs: nowMs(), author: AUTHOR };
  const { identifiers, consents } = member;
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  const known = [...new Set(owners.filter((owner) => owner !== undefined))];
  if (known.length > 1) return { kind: 'refused', reason: "the phone is another person's" };
  const [first] = identifiers as [Identifier, ...Identifier[]];
  const more = identifiers.filter((_, index) => owners[index] === undefined);
  if (known[0] !== undefined && more.length > 0) {
    const links = await people.links(known[0]);
    const refused = more.find((identifier) => !mayHold(links, identifier));
    if (refused !== undefined) return { kind: 'refused', reason: TOO_MANY[refused.kind] };
  }
  const personId = known[0] ?? (await people.bind(first, ground, newPersonId()));
  for (const identifier of more) {
    const linked = await people.link(personId, { ...identifier, ...ground });
    if (linked.kind === 'taken')
      return { kind: 'refused', reason: `the ${identifier.kind} is another person's` };
    if (linked.kind === 'gone') return GONE;
  }
  for (const consent of consents) {
    if ((await people.addConsent(personId, consent)).kind === 'gone') return GONE;
  }
  return { kind: known[0] === undefined ? 'made' : 'known', consents: consents.length };
}

function booked(
  { reading, reject }: ImportMembersPorts,
  progress: MembersProgress,
  row: Row,
  outcome: Outcome,
): MembersProgress {
  const done = { ...progress, rowsDone: row.number, rows: progress.rows + 1 };
  if (outcome.kind !== 'refused') {
    return {
      ...done,
      [outcome.kind]: progress[outcome.kind] + 1,
      consents: progress.consents + outcome.consents,
    };
  }
  const line = csvLine([row.line, ...aboutOf(reading, row.cells), outcome.reason]);
  return { ...done, refused: progress.refused + 1, rejectsBytes: progress.rejectsBytes + reject(line) };
}
