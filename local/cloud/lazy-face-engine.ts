/**
 * The face engine of the local cloud, started with the first picture: most sessions never send one, and the
 * threads and nets take a few hundred megabytes.
 */
import { MODEL_ID } from '#vision/engine/face-engine.ts';
import { createFacePool, type FacePool } from '#vision/engine/face-pool.ts';
import type { FaceAnalyser } from '../servers/rekognition/face-analyser.ts';

export interface LazyFaceEngine extends FaceAnalyser {
  /** Ends the engine's threads, if it was started. */
  close(): Promise<void>;
}

/** Returns an analyser that starts a pool of face engines with its first picture. */
export function createLazyFaceEngine(): LazyFaceEngine {
  let pool: Promise<FacePool> | undefined;
  return {
    modelId: MODEL_ID,
    async analyse(bytes, options) {
      pool ??= createFacePool();
      return (await pool).analyse(bytes, options);
    },
    async close() {
      await (await pool)?.close();
    },
  };
}
