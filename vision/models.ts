/**
 * The weights, as they lie in npm packages pinned by the lock file; nothing is fetched at run time.
 *
 * Each file's SHA-256 is checked, because stored vectors are worth something only beside vectors of the same
 * net: a package that changed its file under us must stop the engine, not quietly turn every regular into a
 * stranger.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface ModelFile {
  readonly npmPackage: string;
  readonly path: string;
  /** Where several files were packed into one: first byte and the one after the last. */
  readonly range?: readonly [number, number];
  readonly sha256: string;
}

export const MODELS = {
  /** BlazeFace full range, Google, Apache-2.0. */
  blazeFace: {
    npmPackage: '@mediapipe/face_detection',
    path: 'face_detection_full_range.tflite',
    sha256: '99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3',
  },
  /**
   * FaceMesh of 468 points, Google, Apache-2.0; the range is the one that
   * face_mesh_solution_packed_assets_loader.js lists.
   */
  faceMesh: {
    npmPackage: '@mediapipe/face_mesh',
    path: 'face_mesh_solution_packed_assets.data',
    range: [2_495_952, 3_737_848],
    sha256: 'c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1',
  },
  /** MobileFaceNet of 192 numbers: package MIT, weights sirius-ai/MobileFaceNet_TF, Apache-2.0; trained on MS1M. */
  mobileFaceNet: {
    npmPackage: 'capacitor-face-recognition',
    path: 'android/src/main/assets/mobilefacenet.tflite',
    sha256: 'b67366e085ec9f6c2afb05c10397a46edeb823367abaec77f64f5ce946ac2847',
  },
} as const satisfies Record<string, ModelFile>;

const require = createRequire(import.meta.url);

/** @throws Error where the package is not installed, or holds another file than the one that was measured. */
export function readModel(model: ModelFile): Uint8Array {
  // A package's `exports` may hide its files from `resolve`, so its folder is looked for where `resolve` would.
  const places = (require.resolve.paths(model.npmPackage) ?? []).map((folder) =>
    join(folder, model.npmPackage, model.path),
  );
  const file = places.find((place) => existsSync(place));
  if (file === undefined) throw new Error(`${model.npmPackage} is not installed`);
  const whole = readFileSync(file);
  const bytes = model.range === undefined ? whole : whole.subarray(...model.range);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== model.sha256)
    throw new Error(`${model.npmPackage}/${model.path} is not the file that was measured`);
  return bytes;
}
