/** What an authorizer decides: who may pass carries on with what is known of them, and the rest gets an answer. */
import type { Answer } from './answer.ts';
import type { AuthorizerContext } from './event.ts';

export type Authorization =
  | { readonly kind: 'admitted'; readonly context: AuthorizerContext }
  | { readonly kind: 'refused'; readonly answer: Answer };
