/**
 * Counts of the successful calls by operation. On AWS most operations are priced per call, so tests and
 * benchmarks count what a frame, a track or a visit costs. Failed calls are free.
 */
import type { Operation } from '../wire/json-service.ts';
import type { OperationName } from './operations/index.ts';

export type CallCounts = Readonly<Record<OperationName, number>>;

/** Returns the operations with counting added, and a function that returns the counts so far. */
export function countCalls(operations: Readonly<Record<OperationName, Operation>>): {
  readonly operations: Readonly<Record<OperationName, Operation>>;
  readonly calls: () => CallCounts;
} {
  // The type of the parameter lists all keys.
  const names = Object.keys(operations) as OperationName[];
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<OperationName, number>;
  const counting = (name: OperationName): Operation => {
    const run = operations[name];
    return async (body, call, toError) => {
      const output = await run(body, call, toError);
      counts[name]++;
      return output;
    };
  };
  const counted = Object.fromEntries(names.map((name) => [name, counting(name)]));
  return {
    operations: counted as Record<OperationName, Operation>,
    calls: () => ({ ...counts }),
  };
}
