/**
 * Embeds an aligned face chip with MobileFaceNet, into a vector that is close to those of the same person.
 */
import { CHIP_SIDE } from '../align/face-chip.ts';
import type { Net } from '../nets/net.ts';

/** Dimensions of a face vector. */
export const VECTOR_LENGTH = 192;

/**
 * Returns the unit vector of an aligned chip, 192 values.
 *
 * @param chip planar RGB of 112×112, −1..1.
 * @throws Error where the net is not the expected one.
 * @see Chen et al., "MobileFaceNets: Efficient CNNs for Accurate Real-Time Face Verification on Mobile
 *   Devices", 2018.
 */
export async function embedChip(embedder: Net, chip: Float32Array): Promise<Float32Array> {
  const [vector] = await embedder.run(chip, [1, 3, CHIP_SIDE, CHIP_SIDE]);
  if (vector?.length !== VECTOR_LENGTH)
    throw new Error(`the embedder returned ${vector?.length ?? 0} values instead of ${VECTOR_LENGTH}`);
  return vector;
}
