/**
 * The published nets, as TensorFlow Lite files in npm packages that the lock file pins; nothing is fetched at
 * run time.
 *
 * The SHA-256 of each file is checked, because vectors are comparable only with vectors of the same net: a
 * package that changed its file must stop the engine, or every returning customer would silently become a
 * stranger.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface SourceNet {
  readonly npmPackage: string;
  readonly path: string;
  /** In an archive of several files: offset of the first byte and of the byte after the last. */
  readonly range?: readonly [number, number];
  /** Of the net's bytes, lower-case hex. */
  readonly sha256: string;
}

export const SOURCE_NETS = {
  /** BlazeFace full range: Google, Apache-2.0. */
  blazeFace: {
    npmPackage: '@mediapipe/face_detection',
    path: 'face_detection_full_range.tflite',
    sha256: '99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3',
  },
  /**
   * FaceMesh of 468 points: Google, Apache-2.0; the range is from face_mesh_solution_packed_assets_loader.js.
   */
  faceMesh: {
    npmPackage: '@mediapipe/face_mesh',
    path: 'face_mesh_solution_packed_assets.data',
    range: [2_495_952, 3_737_848],
    sha256: 'c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1',
  },
  /** MobileFaceNet, 192-d: package MIT, weights sirius-ai/MobileFaceNet_TF, Apache-2.0, trained on MS1M. */
  mobileFaceNet: {
    npmPackage: 'capacitor-face-recognition',
    path: 'android/src/main/assets/mobilefacenet.tflite',
    sha256: 'b67366e085ec9f6c2afb05c10397a46edeb823367abaec77f64f5ce946ac2847',
  },
} as const satisfies Record<string, SourceNet>;

const require = createRequire(import.meta.url);

/**
 * Returns the bytes of a net's TensorFlow Lite file.
 *
 * @throws Error where the package is not installed, or where the file's SHA-256 differs.
 */
export function readSourceNet({ npmPackage, path, range, sha256 }: SourceNet): Uint8Array {
  // A package's `exports` may hide its files from `resolve`, so the folders that `resolve` would search are
  // searched here.
  const candidates = (require.resolve.paths(npmPackage) ?? []).map((folder) =>
    join(folder, npmPackage, path),
  );
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`${npmPackage} is not installed`);
  const whole = readFileSync(file);
  const bytes = range === undefined ? whole : whole.subarray(...range);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(
      `${npmPackage}/${path} has another SHA-256 than the net the thresholds were measured with`,
    );
  return bytes;
}
