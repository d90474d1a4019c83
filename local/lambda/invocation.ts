/**
 * What the caller of a function gets back.
 *
 * A function that fails is an everyday outcome to whoever invoked it (an event source mapping retries, an
 * API answers 500), so an invocation never rejects: it resolves to the payload or to the error, in the
 * words the Lambda service uses.
 */

/** The error of a failed invocation, field for field what Lambda puts into the response payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type Invocation =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: FunctionError };

export function failed(errorType: string, errorMessage: string, trace: readonly string[] = []): Invocation {
  return { ok: false, error: { errorType, errorMessage, trace } };
}

/** What the runtime reports of a thrown value: anything may be thrown, and only errors carry a name. */
export function describeThrown(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}
