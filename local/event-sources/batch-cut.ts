/** The size of the next batch: bounded by the mapping's batch size and by Lambda's payload limit. */
import { PAYLOAD_BYTES_MAX } from '../lambda/payload.ts';

/** {"Records":[…]} */
const ENVELOPE_BYTES = 14;

export interface BatchCut {
  readonly count: number;
  /** True where no further item would fit, so that waiting for one is pointless. */
  readonly full: boolean;
}

/** Returns how many of the waiting items the next batch takes. */
export function cutBatch(waiting: readonly { readonly eventBytes: number }[], batchSize: number): BatchCut {
  let bytes = ENVELOPE_BYTES;
  for (const [index, { eventBytes }] of waiting.entries()) {
    bytes += eventBytes + 1;
    // The first item is always taken, even one that alone exceeds the payload: it has to fail to be
    // discarded.
    if (index > 0 && bytes > PAYLOAD_BYTES_MAX) return { count: index, full: true };
    if (index + 1 === batchSize) return { count: batchSize, full: true };
  }
  return { count: waiting.length, full: false };
}
