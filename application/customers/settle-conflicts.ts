/**
 * Conflicts between records of customers: listed with what is needed to weigh them, and settled by staff. The same person:
 * the newer record refers to the older, and both are read as one. Different people: the conflict is closed and stays closed.
 */
import type { PersonId } from '#domain/chain/ids.ts';
import type { Link } from '#domain/people/customers/customer.ts';
import { mergeOrder } from '#domain/people/customers/same-person.ts';
import type { ListedConflict, PersonStore, Settlement, StoredPerson } from '../ports/person-store.ts';

type Conflicts = Pick<PersonStore, 'conflicts' | 'load' | 'settleConflict' | 'merge'>;

/** What is shown of one of the two. */
export interface ConflictingPerson {
  readonly personId: PersonId;
  readonly createdAtMs: number;
  readonly links: ReadonlyArray<Pick<Link, 'kind' | 'value' | 'source'>>;
  readonly purchases: number;
  readonly visits: number;
}

/** An open conflict, with both customers as they are now. */
export interface OpenConflict extends Omit<ListedConflict, 'people' | 'settlement'> {
  readonly people: readonly [ConflictingPerson, ConflictingPerson];
}

const summaryOf = ({ personId, createdAtMs, links, purchases, visits }: StoredPerson): ConflictingPerson => ({
  personId,
  createdAtMs,
  links: links.map(({ kind, value, source }) => ({ kind, value, source })),
  purchases: purchases.length,
  visits: visits.length,
});

/** Returns the open conflicts, oldest first; those of customers who are one by now, or were erased, are left out. */
export async function openConflicts(people: Conflicts, limit: number): Promise<OpenConflict[]> {
  const listed: ListedConflict[] = [];
  for await (const conflict of people.conflicts())
    if (conflict.settlement === undefined) listed.push(conflict);
  const open: OpenConflict[] = [];
  for (const { people: ids, settlement: _, ...evidence } of listed.sort((x, y) => x.atMs - y.atMs)) {
    if (open.length === limit) break;
    const [a, b] = await Promise.all(ids.map((id) => people.load(id)));
    if (a === undefined || b === undefined || a.personId === b.personId) continue;
    open.push({ ...evidence, people: [summaryOf(a), summaryOf(b)] });
  }
  return open;
}

export type SettleOutcome =
  /** `personId`: of the same person, the record that goes on. */
  | { readonly kind: 'settled'; readonly conflicts: number; readonly personId?: PersonId }
  /** There is no open conflict between the two. */
  | { readonly kind: 'unknown' };

/** Settles all open conflicts between two customers. Repeating it after a crash completes it. */
export async function settleConflicts(
  people: Conflicts,
  pair: readonly [PersonId, PersonId],
  settlement: Settlement,
): Promise<SettleOutcome> {
  const [a, b] = await Promise.all(pair.map((id) => people.load(id)));
  if (a === undefined || b === undefined) return { kind: 'unknown' };
  const ids = new Set([a, b].flatMap(({ personId, formerIds }) => [personId, ...formerIds]));
  const open: ListedConflict[] = [];
  for await (const conflict of people.conflicts())
    if (conflict.settlement === undefined && conflict.people.every((id) => ids.has(id))) open.push(conflict);
  if (open.length === 0) return { kind: 'unknown' };
  let personId: PersonId | undefined;
  if (settlement.decision === 'same') {
    const order = mergeOrder(a, b);
    personId = order?.into ?? a.personId;
    // The merge before the settlement: after a crash the conflict is still open.
    const { decision: _, ...by } = settlement;
    if (order !== undefined && (await people.merge(order.from, order.into, by)).kind === 'gone')
      return { kind: 'unknown' };
  }
  let conflicts = 0;
  for (const conflict of open) if (await people.settleConflict(conflict, settlement)) conflicts++;
  return { kind: 'settled', conflicts, ...(personId !== undefined && { personId }) };
}
