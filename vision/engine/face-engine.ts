/**
 * The face engine: detects the faces of a picture, measures the quality of each shot, and embeds a face into
 * a vector.
 *
 * BlazeFace proposes, FaceMesh confirms and aligns, MobileFaceNet embeds; the licences of all three permit
 * commercial use (README.md of this folder's parent). The engine replaces Amazon Rekognition where there is
 * no account, so it reports the same measures under the same names.
 */
import { alignedChip, detectedLandmarks, meshLandmarks } from '../align/face-chip.ts';
import { fitMesh, type HeadPose, headPose, meshBox } from '../align/face-mesh.ts';
import { areaOf, type Box, intersectionOverUnion } from '../detect/boxes.ts';
import { createFaceDetector, type Detection, INPUT_SIZES } from '../detect/face-detector.ts';
import { embedChip, VECTOR_LENGTH } from '../embed/face-embedder.ts';
import { readConvertedNet } from '../nets/converted-nets.ts';
import { type Net, openNet } from '../nets/net.ts';
import type { Picture } from '../picture/decode.ts';
import type { Point } from '../picture/similarity-transform.ts';
import { measureQuality, type ShotQuality } from '../quality/shot-quality.ts';

export type LandmarkKind = 'leftEye' | 'rightEye' | 'nose' | 'mouthLeft' | 'mouthRight';

export interface Face {
  /** In pixels of the picture; may reach over its edge. */
  readonly box: Box;
  /** Probability of a face, 0..1. */
  readonly confidence: number;
  /**
   * All five kinds, in pixels of the picture; left and right of the picture, as in Rekognition's responses.
   */
  readonly landmarks: readonly { kind: LandmarkKind; x: number; y: number }[];
  readonly quality: ShotQuality;
  readonly pose: HeadPose;
}

export interface FaceEngine {
  /** Identifies the nets and the pipeline; only vectors of the same id are comparable. */
  readonly modelId: string;
  /** Dimensions of a vector. */
  readonly vectorLength: number;
  /** Returns the faces, largest first, at most `facesMax` (default 100). */
  detect(picture: Picture, options?: { facesMax?: number }): Promise<Face[]>;
  /**
   * Returns the unit vector of a face of the picture.
   *
   * @throws RangeError where the face lacks one of the five landmarks.
   */
  embed(picture: Picture, face: Face): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Identifies the nets and the pipeline; changes whenever a change of either changes the vectors. */
export const MODEL_ID = 'blazeface-full+facemesh-468+mobilefacenet-192/1';

/** Rekognition's limit of faces per picture. */
const FACES_MAX = 100;
/** Proposals checked per requested face: a picture full of false proposals must not take seconds. */
const PROPOSALS_PER_FACE_MAX = 4;
/** Low, because FaceMesh rejects false proposals, and small faces score low. */
const SCORE_MIN = 0.25;
/**
 * Measured on 60 photographs without people: none of 170 false proposals reaches it, and 2 of 72 portraits do
 * not.
 */
const CONFIDENCE_MIN = 0.65;
/** Below this presence, FaceMesh's points are less accurate than the detector's own. */
const PRESENCE_MIN = 0.3;
/** Faces whose boxes overlap more than this are one face, proposed twice. */
const OVERLAP_MAX = 0.4;
/**
 * Measured by `npm run bench:faces`: at this scale 94 of 100 faces of 64 pixels are detected and 63 of 40
 * pixels; at 2 it would be 98 for both, for another 20 ms a frame, which exceeds the time budget of a frame
 * with four faces.
 */
const SCALE_MAX = 2.9;
/** In the order of the chip's template. */
const LANDMARK_KINDS: readonly LandmarkKind[] = ['leftEye', 'rightEye', 'nose', 'mouthLeft', 'mouthRight'];

/**
 * Opens the nets and returns an engine over them. Close it to release their memory.
 *
 * @throws Error where a net has to be converted and its package is not installed or has changed.
 */
export async function createFaceEngine(): Promise<FaceEngine> {
  const options = { sizes: INPUT_SIZES, scaleMax: SCALE_MAX, scoreMin: SCORE_MIN };
  const detector = createFaceDetector(readConvertedNet('blazeFace'), options);
  const mesher = await openNet(readConvertedNet('faceMesh'));
  const embedder = await openNet(readConvertedNet('mobileFaceNet'));
  /** `detect` aligns each chip to measure its quality; `embed` uses the same chip. */
  const chips = new WeakMap<Face, Float32Array>();
  return {
    modelId: MODEL_ID,
    vectorLength: VECTOR_LENGTH,

    async detect(picture, { facesMax = FACES_MAX } = {}) {
      const proposals = (await detector.detect(picture)).toSorted((a, b) => areaOf(b) - areaOf(a));
      const faces: Face[] = [];
      for (const proposal of proposals.slice(0, facesMax * PROPOSALS_PER_FACE_MAX)) {
        if (faces.length === facesMax) break;
        const confirmed = await confirm(mesher, picture, proposal);
        if (confirmed === undefined) continue;
        const { face, chip } = confirmed;
        if (faces.some(({ box }) => intersectionOverUnion(box, face.box) > OVERLAP_MAX)) continue;
        chips.set(face, chip);
        faces.push(face);
      }
      return faces.toSorted((a, b) => areaOf(b.box) - areaOf(a.box));
    },

    async embed(picture, face) {
      const chip = chips.get(face) ?? alignedChip(picture, landmarkPoints(face));
      return embedChip(embedder, chip);
    },

    async close() {
      await detector.close();
      await mesher.close();
      await embedder.close();
    },
  };
}

/**
 * Returns the face and its aligned chip, or `undefined` where detector and mesh together are not confident
 * enough.
 */
async function confirm(
  mesher: Net,
  picture: Picture,
  proposal: Detection,
): Promise<{ face: Face; chip: Float32Array } | undefined> {
  const mesh = await fitMesh(mesher, picture, proposal);
  // Noisy-or of two independent estimates, each of which may miss a face.
  const confidence = 1 - (1 - proposal.score) * (1 - mesh.presence);
  if (confidence < CONFIDENCE_MIN) return undefined;
  const isMeshUsable = mesh.presence >= PRESENCE_MIN;
  const points = isMeshUsable ? meshLandmarks(mesh) : detectedLandmarks(proposal.points);
  const chip = alignedChip(picture, points);
  const { left, top, width, height } = isMeshUsable ? meshBox(mesh) : proposal;
  const face: Face = {
    box: { left, top, width, height },
    confidence,
    landmarks: LANDMARK_KINDS.map((kind, index) => ({ kind, ...pointAt(points, index) })),
    quality: measureQuality(chip),
    pose: headPose(mesh),
  };
  return { face, chip };
}

/** Returns the landmarks in the template's order. */
function landmarkPoints({ landmarks }: Face): Point[] {
  return LANDMARK_KINDS.map((kind) => {
    const landmark = landmarks.find((candidate) => candidate.kind === kind);
    if (landmark === undefined) throw new RangeError(`the face has no landmark ${kind}`);
    return landmark;
  });
}

function pointAt(points: readonly Point[], index: number): Point {
  const { x = 0, y = 0 } = points[index] ?? {};
  return { x, y };
}
