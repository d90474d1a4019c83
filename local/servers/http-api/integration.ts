/** The Lambda integration of a route: invokes its function and turns the outcome, or a timeout, into a response. */
import type { Invocation } from '../../lambda/invocation.ts';
import { errorResponse, type GatewayResponse, responseOf } from './response.ts';

/** Invokes a function by its name with an event. It never rejects: a failure is part of the outcome. */
export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;

export interface IntegrationResult {
  readonly response: GatewayResponse;
  /** The function's failure, for the access log only: its text may hold what no client should read. */
  readonly error?: string;
}

/** Returns the function's response, 500 where it fails, 503 after the timeout, 413 where the event is too large. */
export async function integrate(
  invoke: Invoke,
  functionName: string,
  event: unknown,
  timeoutMs: number,
): Promise<IntegrationResult> {
  const invocation = await within(invoke(functionName, event), timeoutMs);
  if (invocation === undefined) {
    const error = `${functionName} timed out after ${timeoutMs} ms`;
    return { response: errorResponse(503, error), error };
  }
  if (invocation.ok) return { response: responseOf(invocation.payload) };
  const { errorType, errorMessage } = invocation.error;
  const error = `${errorType}: ${errorMessage}`;
  const tooLarge = errorType === 'RequestEntityTooLargeException';
  return { response: errorResponse(tooLarge ? 413 : 500, error), error };
}

/** Returns the promise's value, or undefined where it takes longer. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, timeoutMs, undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
