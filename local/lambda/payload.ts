/**
 * Events and answers as Lambda passes them: JSON text of at most 6 MB, both ways.
 *
 * Sending the text and not the object is what makes a Date arrive as a string and an undefined field not
 * at all, here as on AWS.
 */
import { type FunctionError, failed, type Invocation } from './invocation.ts';

/** The quota of a synchronous invocation's payload. */
export const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

/** An answer may be a hundred bytes larger than an event; Lambda's own message names this number. */
const ANSWER_BYTES_MAX = PAYLOAD_BYTES_MAX + 100;

export type EncodedEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly invocation: Invocation };

/** The event as text, or the refusal the Invoke API gives before any function has seen it. */
export function encodeEvent(event: unknown): EncodedEvent {
  const text = JSON.stringify(event) ?? 'null';
  if (Buffer.byteLength(text) <= PAYLOAD_BYTES_MAX) return { kind: 'text', text };
  const message = `Request must be smaller than ${PAYLOAD_BYTES_MAX} bytes for the InvokeFunction operation`;
  return { kind: 'refused', invocation: failed('RequestEntityTooLargeException', message) };
}

export type EncodedAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly error: FunctionError };

/** The handler's answer as text; no answer at all is null, and what JSON cannot say is an error. */
export function encodeAnswer(answer: unknown): EncodedAnswer {
  let text: string;
  try {
    text = JSON.stringify(answer) ?? 'null';
  } catch {
    return refuse('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
  if (Buffer.byteLength(text) <= ANSWER_BYTES_MAX) return { kind: 'text', text };
  return refuse(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES_MAX} bytes).`,
  );
}

function refuse(errorType: string, errorMessage: string): EncodedAnswer {
  return { kind: 'refused', error: { errorType, errorMessage, trace: [] } };
}
