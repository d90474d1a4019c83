/** How many of the waiting items the next batch takes: no more than its size, no more than a payload holds. */
import { PAYLOAD_BYTES_MAX } from '../lambda/payload.ts';

/** {"Records":[…]} */
const ENVELOPE_BYTES = 14;

export interface BatchCut {
  readonly count: number;
  /** Nothing more would fit, so there is nothing to wait for. */
  readonly full: boolean;
}

export function cutBatch(waiting: readonly { readonly eventBytes: number }[], batchSize: number): BatchCut {
  let bytes = ENVELOPE_BYTES;
  for (const [index, { eventBytes }] of waiting.entries()) {
    bytes += eventBytes + 1;
    // One item is always taken, even one that is too large alone: it has to fail to be got rid of.
    if (index > 0 && bytes > PAYLOAD_BYTES_MAX) return { count: index, full: true };
    if (index + 1 === batchSize) return { count: batchSize, full: true };
  }
  return { count: waiting.length, full: false };
}
