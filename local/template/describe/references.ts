/** References of one resource to another: to a function, in three notations, and to a queue. */
import type { FunctionDescription, QueueDescription } from '../description.ts';
import type { ResolvedResource } from '../resolved-stacks.ts';

/**
 * Returns the name in a function's name, its ARN, or the invocation path that wraps the ARN for API Gateway.
 */
export function functionNameOf(reference: string): string {
  return /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;
}

/**
 * Returns the function that a resource refers to; throws with the resource's id where it does not run
 * locally.
 */
export function functionOf(
  reference: string,
  functions: readonly FunctionDescription[],
  { stack, logicalId }: ResolvedResource,
): FunctionDescription {
  const found = functions.find(({ name }) => name === functionNameOf(reference));
  if (found === undefined) throw new Error(`${stack}/${logicalId}: no local function is ${reference}`);
  return found;
}

/**
 * Returns the queue that a resource refers to; throws with the resource's id where the template has no such
 * queue.
 */
export function queueOf(
  arn: string,
  queues: readonly QueueDescription[],
  { stack, logicalId }: ResolvedResource,
): QueueDescription {
  const found = queues.find((queue) => queue.arn === arn);
  if (found === undefined) throw new Error(`${stack}/${logicalId}: no local queue is ${arn}`);
  return found;
}
