/** Port: which function is processing which camera frame, and its result. */

/** One attempt at a frame; what it writes counts only while it is the latest. */
export interface FrameTicket {
  readonly frameId: string;
  readonly attempt: number;
}

export type FrameClaim =
  | { readonly kind: 'claimed'; readonly ticket: FrameTicket; readonly plan?: string }
  /** Another function is at it. */
  | { readonly kind: 'held' }
  | { readonly kind: 'done'; readonly result: string };

export type FrameLook =
  /** It ended as it should. */
  | { readonly kind: 'over' }
  /** Ended, but an earlier attempt died and may have left faces. */
  | { readonly kind: 'over after a crash' }
  /** Whoever has it may still be alive. */
  | { readonly kind: 'too early' }
  | { readonly kind: 'to sweep'; readonly ticket: FrameTicket; readonly plan?: string };

/** No function that looks at frames may run this long. */
export const FRAME_RUN_MS_MAX = 15_000;

export interface FrameStore {
  claimFrame(frameId: string, nowMs: number): Promise<FrameClaim>;
  /** Writes down what is about to be done with each face; false where the frame is another's by now. */
  keepPlan(ticket: FrameTicket, plan: string): Promise<boolean>;
  /** The frame's answer, for good; false where the frame is another's by now. */
  finish(ticket: FrameTicket, result: string): Promise<boolean>;
  /** Lets the frame be begun anew at once: with its plan, if it is kept, and otherwise from the beginning. */
  release(ticket: FrameTicket, isPlanKept: boolean): Promise<void>;
  /** What a later look finds, and takes for itself where the frame was never ended. */
  lookAgain(ticket: FrameTicket, nowMs: number): Promise<FrameLook>;
  /** Whether somebody may be at a frame now. */
  isHeld(frameId: string, nowMs: number): Promise<boolean>;
}
