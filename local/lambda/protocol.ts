/**
 * The messages between a sandbox's worker thread and its parent.
 *
 * Payloads are sent as JSON text and not as structured clones, which would preserve values that Lambda does
 * not (dates, maps, undefined).
 */
import type { FunctionError } from './invocation.ts';

/** The worker's start data. */
export interface SandboxSetup {
  readonly bundlePath: string;
  readonly handlerName: string;
  readonly functionArn: string;
}

/** Parent to worker: one event. The next one follows only after the reply. */
export interface EventMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
}

/**
 * Worker to parent. `ready` is sent once, before any event; then `succeeded` or `failed`, one per event.
 * `broken` may be sent at any time and is the last message: the sandbox cannot run another event.
 */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: FunctionError }
  | { readonly kind: 'succeeded'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
