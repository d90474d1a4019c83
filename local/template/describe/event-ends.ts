/** Where events end: in a function, or in a queue of those that nobody could use. Both have to be of the template. */
import type { FunctionDescription, QueueDescription } from '../description.ts';
import type { ResolvedResource } from '../world.ts';
import { functionNameOf } from './function-name.ts';

export function functionOf(
  pointer: string,
  functions: readonly FunctionDescription[],
  { stack, logicalId }: ResolvedResource,
): FunctionDescription {
  const found = functions.find(({ name }) => name === functionNameOf(pointer));
  if (found === undefined) throw new Error(`${stack}/${logicalId}: no local function is ${pointer}`);
  return found;
}

export function queueOf(
  arn: string,
  queues: readonly QueueDescription[],
  { stack, logicalId }: ResolvedResource,
): QueueDescription {
  const found = queues.find((queue) => queue.arn === arn);
  if (found === undefined) throw new Error(`${stack}/${logicalId}: no local queue is ${arn}`);
  return found;
}
