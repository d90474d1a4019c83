/**
 * What a function said of its batch, under ReportBatchItemFailures.
 *
 * AWS reads the answer strictly: nothing said is a success, but an identifier that is empty or missing
 * makes the whole batch a failure, because it cannot be known which item was meant.
 */
import type { Invocation } from '../lambda/invocation.ts';

export type BatchAnswer =
  | { readonly kind: 'all-done' }
  | { readonly kind: 'all-failed' }
  | { readonly kind: 'some-failed'; readonly failedIds: ReadonlySet<string> };

/** `idsSent` are the identifiers of the batch; an answer that names another one cannot be trusted. */
export function readBatchAnswer(
  invocation: Invocation,
  reportBatchItemFailures: boolean,
  idsSent: ReadonlySet<string>,
): BatchAnswer {
  if (!invocation.ok) return { kind: 'all-failed' };
  if (!reportBatchItemFailures) return { kind: 'all-done' };
  const failures = (invocation.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (failures === undefined || failures === null) return { kind: 'all-done' };
  if (!Array.isArray(failures)) return { kind: 'all-failed' };
  const failedIds = new Set<string>();
  for (const failure of failures as readonly ({ itemIdentifier?: unknown } | null)[]) {
    const id = failure?.itemIdentifier;
    if (typeof id !== 'string' || !idsSent.has(id)) return { kind: 'all-failed' };
    failedIds.add(id);
  }
  return failedIds.size === 0 ? { kind: 'all-done' } : { kind: 'some-failed', failedIds };
}
