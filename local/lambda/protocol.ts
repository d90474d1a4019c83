/**
 * What a sandbox's worker thread and its parent say to each other.
 *
 * Payloads cross as JSON text and not as structured clones, which would let through what Lambda does not
 * (dates, maps, undefined).
 */
import type { FunctionError } from './invocation.ts';

/** What the worker is born with. */
export interface SandboxSetup {
  readonly bundlePath: string;
  readonly handlerName: string;
  readonly functionArn: string;
}

/** Parent to worker: one event. The worker gets no second one before it has replied. */
export interface EventMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
}

/**
 * Worker to parent. `ready` comes once, before any event is sent; then `answered` or `failed`, one per event.
 * `broken` may come at any time and is the last word: the sandbox cannot take another event.
 */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: FunctionError }
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
