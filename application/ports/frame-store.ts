/** Port: which function is processing which camera frame, and its result. */

/** One attempt at a frame; its writes count only while it is the latest attempt. */
export interface FrameTicket {
  readonly frameId: string;
  readonly attempt: number;
}

export type FrameClaim =
  | { readonly kind: 'claimed'; readonly ticket: FrameTicket; readonly plan?: string }
  /** Another function is processing the frame. */
  | { readonly kind: 'held' }
  | { readonly kind: 'done'; readonly result: string };

export type FrameLook =
  /** The frame ended normally. */
  | { readonly kind: 'over' }
  /** The frame ended, but an earlier attempt crashed and may have left faces in the index. */
  | { readonly kind: 'over after a crash' }
  /** The function that holds the frame may still be running. */
  | { readonly kind: 'too early' }
  | { readonly kind: 'to sweep'; readonly ticket: FrameTicket; readonly plan?: string };

/** An upper bound on the run time of functions that process frames. */
export const FRAME_RUN_MS_MAX = 15_000;

export interface FrameStore {
  claimFrame(frameId: string, nowMs: number): Promise<FrameClaim>;
  /** Stores the plan before its first step is applied; false if a later attempt holds the frame. */
  keepPlan(ticket: FrameTicket, plan: string): Promise<boolean>;
  /** Stores the frame's final result; false if a later attempt holds the frame. */
  finish(ticket: FrameTicket, result: string): Promise<boolean>;
  /** Releases the frame for an immediate retry: from its plan if that is kept, otherwise from the beginning. */
  release(ticket: FrameTicket, isPlanKept: boolean): Promise<void>;
  /** Returns the state of a frame some time after an attempt, and claims the frame if it never ended. */
  lookAgain(ticket: FrameTicket, nowMs: number): Promise<FrameLook>;
  /** Returns whether a function may be processing the frame now. */
  isHeld(frameId: string, nowMs: number): Promise<boolean>;
}
