/** Batches: up to ten entries with ids of their own, each of which succeeds or fails alone. */
import { AwsError } from '../wire/aws-error.ts';
import { badBatch } from './errors.ts';
import { BATCH_ENTRIES_MAX } from './limits.ts';

interface Entry {
  readonly Id: string;
}

interface Failure extends Entry {
  readonly SenderFault: boolean;
  readonly Code: string;
  readonly Message: string;
}

/** Rejects a batch that is empty, too long, or whose ids are malformed or repeated; `entryName` is AWS's word for its entries. */
export function checkBatch(entries: readonly Entry[], entryName: string): void {
  if (entries.length === 0) {
    throw badBatch('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`);
  }
  if (entries.length > BATCH_ENTRIES_MAX) {
    const message = `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${entries.length}.`;
    throw badBatch('TooManyEntriesInBatchRequest', message);
  }
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) {
      throw badBatch(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
          'It can be at most 80 letters long.',
      );
    }
    if (seen.has(Id)) throw badBatch('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
}

/** Runs each entry by itself and returns the results and the failures, as AWS lists them. */
export function runBatch<E extends Entry, R extends object>(entries: readonly E[], run: (entry: E) => R) {
  const Successful: (Entry & R)[] = [];
  const Failed: Failure[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, queryCode = code, message } = error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: queryCode, Message: message });
    }
  }
  return { Successful, Failed };
}
