/**
 * Events and responses as Lambda passes them: JSON text of at most 6 MB in both directions.
 *
 * Text instead of objects makes a Date arrive as a string and drops an undefined field, here as on AWS.
 */
import { type FunctionError, failed, type Invocation } from './invocation.ts';

/** The quota of a synchronous invocation's payload. */
export const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

/** A response may be a hundred bytes larger than an event; Lambda's own message names this number. */
const RESPONSE_BYTES_MAX = PAYLOAD_BYTES_MAX + 100;

export type EncodedEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rejected'; readonly invocation: Invocation };

/** Returns the event as text, or the rejection with which the Invoke API responds before a function runs. */
export function encodeEvent(event: unknown): EncodedEvent {
  const text = JSON.stringify(event) ?? 'null';
  if (Buffer.byteLength(text) <= PAYLOAD_BYTES_MAX) return { kind: 'text', text };
  const message = `Request must be smaller than ${PAYLOAD_BYTES_MAX} bytes for the InvokeFunction operation`;
  return { kind: 'rejected', invocation: failed('RequestEntityTooLargeException', message) };
}

export type EncodedResponse =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rejected'; readonly error: FunctionError };

/**
 * Returns the handler's response as text: null where there is none, an error where JSON cannot represent it.
 */
export function encodeResponse(response: unknown): EncodedResponse {
  let text: string;
  try {
    text = JSON.stringify(response) ?? 'null';
  } catch {
    return rejected('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
  if (Buffer.byteLength(text) <= RESPONSE_BYTES_MAX) return { kind: 'text', text };
  return rejected(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
  );
}

function rejected(errorType: string, errorMessage: string): EncodedResponse {
  return { kind: 'rejected', error: { errorType, errorMessage, trace: [] } };
}
