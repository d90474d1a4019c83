/**
 * How often each operation was answered, as a bill would count it: on AWS most of them cost money per call, and a test
 * or a bench asks what a frame, a track or a visit came to. A refused call costs nothing.
 */
import type { Operation } from '../wire/json-service.ts';
import type { OperationName } from './operations/index.ts';

export type Calls = Readonly<Record<OperationName, number>>;

/** The same operations, counting; and the counts so far. */
export function countCalls(operations: Readonly<Record<OperationName, Operation>>): {
  readonly operations: Readonly<Record<OperationName, Operation>>;
  readonly calls: () => Calls;
} {
  // The names are those of the operations, which the type of the parameter lists.
  const names = Object.keys(operations) as OperationName[];
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<OperationName, number>;
  const counting = (name: OperationName): Operation => {
    const run = operations[name];
    return async (body, call, refuse) => {
      const answer = await run(body, call, refuse);
      counts[name]++;
      return answer;
    };
  };
  const counted = Object.fromEntries(names.map((name) => [name, counting(name)]));
  return {
    operations: counted as Record<OperationName, Operation>,
    calls: () => ({ ...counts }),
  };
}
