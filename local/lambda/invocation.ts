/**
 * The outcome of an invocation.
 *
 * A failed function is an expected outcome for its callers (an event source mapping retries, an API responds
 * with 500), so an invocation never rejects: it resolves to the payload or to the error, in the Lambda
 * service's notation.
 */

/** The error of a failed invocation, with the fields of Lambda's response payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: FunctionError };

/** Returns a failed invocation. */
export function failed(errorType: string, errorMessage: string, trace: readonly string[] = []): Invocation {
  return { ok: false, error: { errorType, errorMessage, trace } };
}

/**
 * Returns what the runtime reports of a thrown value: any value may be thrown, and only errors have a name.
 */
export function describeThrown(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}
