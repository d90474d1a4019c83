/**
 * A function's response to a batch under ReportBatchItemFailures.
 *
 * AWS reads it strictly: no response is a success, but an empty, missing or unknown identifier fails the
 * whole batch, because the failed item cannot be identified.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
import type { Invocation } from '../lambda/invocation.ts';

export type BatchResponse =
  | { readonly kind: 'all-done' }
  | { readonly kind: 'all-failed' }
  | { readonly kind: 'some-failed'; readonly failedIds: ReadonlySet<string> };

/** Returns which items of a batch failed; `idsSent` are the identifiers of the batch. */
export function readBatchResponse(
  invocation: Invocation,
  reportBatchItemFailures: boolean,
  idsSent: ReadonlySet<string>,
): BatchResponse {
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
