/**
 * Two records of customers that staff found to be one person become one: the newer refers to the older, and every reader
 * reads both. No row is moved, so that the evidence stays where it was recorded. References lead from the newer to the older
 * record alone, so that no number of decisions at once makes a circle.
 */
import type { PersonId } from '../../chain/ids.ts';

/** What is read of a record to decide. */
export interface CustomerRecord {
  readonly personId: PersonId;
  readonly createdAtMs: number;
}

/** Returns which of two records goes on and which refers to it; undefined where both are one already. */
export function mergeOrder(
  a: CustomerRecord,
  b: CustomerRecord,
): { readonly from: PersonId; readonly into: PersonId } | undefined {
  if (a.personId === b.personId) return undefined;
  const isFirst = a.createdAtMs === b.createdAtMs ? a.personId < b.personId : a.createdAtMs < b.createdAtMs;
  return isFirst ? { from: b.personId, into: a.personId } : { from: a.personId, into: b.personId };
}
