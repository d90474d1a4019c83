/** The function behind a route: invoked, waited for no longer than its integration allows, its outcome answered. */
import { type Answer, gatewayAnswer } from './answer.ts';
import type { Invoke } from './invoke.ts';
import { answerOf } from './response.ts';

export interface Integrated {
  readonly answer: Answer;
  readonly error?: string;
}

/** The function's error names only what failed; its message may hold what no client should read. */
export async function integrate(
  invoke: Invoke,
  functionName: string,
  event: unknown,
  timeoutMs: number,
): Promise<Integrated> {
  const invocation = await within(invoke(functionName, event), timeoutMs);
  if (invocation === undefined) {
    const error = `${functionName} did not answer in ${timeoutMs} ms`;
    return { answer: gatewayAnswer(503, error), error };
  }
  if (invocation.ok) return { answer: answerOf(invocation.payload) };
  const { errorType, errorMessage } = invocation.error;
  const error = `${errorType}: ${errorMessage}`;
  const tooLarge = errorType === 'RequestEntityTooLargeException';
  return { answer: gatewayAnswer(tooLarge ? 413 : 500, error), error };
}

/** The promise's value, or undefined when it takes too long. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, timeoutMs, undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
