/**
 * The face engine of the local cloud, begun with the first picture: most of what people do here never shows it one, and
 * its nets and threads would cost every start half a second and a few hundred megabytes.
 */
import { MODEL_ID } from '#vision/face-engine.ts';
import { createFacePool, type FacePool } from '#vision/face-pool.ts';
import type { FaceAnalyser } from '../servers/rekognition/face-analyser.ts';

export interface FacesOnDemand extends FaceAnalyser {
  close(): Promise<void>;
}

export function facesOnDemand(): FacesOnDemand {
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
