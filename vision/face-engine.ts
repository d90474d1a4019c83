/**
 * The face engine: finds the faces of a picture, says how good each shot is, and turns a face into a vector.
 *
 * BlazeFace proposes, FaceMesh confirms and aligns, MobileFaceNet embeds; all three under licences that permit
 * commerce (see README.md beside this file). It stands in for Amazon Rekognition where there is no account, so
 * it measures and names what Rekognition does.
 */
import { CHIP_SIDE, chipOf, fiveOf, mouthed } from './alignment.ts';
import type { Sighted } from './blaze-face.ts';
import { createFaceFinder, INPUT_SIZES, overlap } from './blaze-face.ts';
import { convertTflite } from './convert.ts';
import type { Pose } from './face-mesh.ts';
import { boxOf, meshOf, poseOf } from './face-mesh.ts';
import { MODELS, readModel } from './models.ts';
import type { Net } from './net.ts';
import { openNet } from './net.ts';
import type { Picture } from './picture.ts';
import type { Quality } from './quality.ts';
import { qualityOf } from './quality.ts';
import type { Point } from './warp.ts';

export type LandmarkKind = 'leftEye' | 'rightEye' | 'nose' | 'mouthLeft' | 'mouthRight';

export interface Face {
  /** In pixels of the picture; may reach over its edge. */
  readonly box: { left: number; top: number; width: number; height: number };
  /** 0..1 */
  readonly confidence: number;
  /** All five kinds once; left and right are the picture's, as in Rekognition's answers. */
  readonly landmarks: readonly { kind: LandmarkKind; x: number; y: number }[];
  readonly quality: Quality;
  readonly pose: Pose;
}

export interface FaceEngine {
  /** Names the models; vectors of different ids never compare. */
  readonly modelId: string;
  readonly vectorLength: number;
  /** Largest first. */
  detect(picture: Picture, options?: { facesMax?: number }): Promise<Face[]>;
  /** A unit vector. */
  embed(picture: Picture, face: Face): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Names the nets and how they are joined; a change in either is another id, since its vectors are others. */
export const MODEL_ID = 'blazeface-full+facemesh-468+mobilefacenet-192/1';

/** As many as Rekognition looks at. */
const FACES_MAX = 100;
/** Proposals looked at closely for each face asked for: a wood full of leaves must not cost seconds. */
const PROPOSALS_PER_FACE_MAX = 4;
/** Low, because FaceMesh takes the false ones away again, and a small face scores low. */
const SCORE_MIN = 0.25;
/** Measured on 60 photographs without people: none of 170 false proposals reaches it, and 2 of 72 portraits do not. */
const CONFIDENCE_MIN = 0.65;
/** Below this FaceMesh's points are worth less than the detector's own. */
const PRESENCE_MIN = 0.3;
/** Two proposals this much alike were one face seen twice. */
const OVERLAP_MAX = 0.4;
/**
 * By `npm run bench:faces`, a face of 64 pixels is found 94 times of 100 at this scale, one of 40 pixels 63 times; at 2 it
 * would be 98 times both, for another 20 ms a frame, which four faces in view do not leave.
 */
const SCALE_MAX = 2.9;
const VECTOR_LENGTH = 192;
const LANDMARK_KINDS: readonly LandmarkKind[] = ['leftEye', 'rightEye', 'nose', 'mouthLeft', 'mouthRight'];

export async function createFaceEngine(): Promise<FaceEngine> {
  const search = { sizes: INPUT_SIZES, scaleMax: SCALE_MAX, scoreMin: SCORE_MIN };
  const finder = createFaceFinder(readModel(MODELS.blazeFace), search);
  const mesher = await openNet(convertTflite(readModel(MODELS.faceMesh)));
  const embedder = await openNet(convertTflite(readModel(MODELS.mobileFaceNet)));
  /** The aligned chip is made for the measures of quality, and needed again to embed. */
  const chips = new WeakMap<Face, Float32Array>();
  return {
    modelId: MODEL_ID,
    vectorLength: VECTOR_LENGTH,

    async detect(picture, { facesMax = FACES_MAX } = {}) {
      const proposals = (await finder.find(picture)).toSorted((a, b) => areaOf(b) - areaOf(a));
      const faces: Face[] = [];
      for (const proposal of proposals.slice(0, facesMax * PROPOSALS_PER_FACE_MAX)) {
        if (faces.length === facesMax) break;
        const seen = await lookClosely(mesher, picture, proposal);
        if (seen === undefined || faces.some(({ box }) => overlap(box, seen.face.box) > OVERLAP_MAX))
          continue;
        chips.set(seen.face, seen.chip);
        faces.push(seen.face);
      }
      return faces.toSorted((a, b) => areaOf(b.box) - areaOf(a.box));
    },

    async embed(picture, face) {
      const chip = chips.get(face) ?? chipOf(picture, fiveIn(face));
      return embedChip(embedder, chip);
    },

    async close() {
      await finder.close();
      await mesher.close();
      await embedder.close();
    },
  };
}

async function lookClosely(
  mesher: Net,
  picture: Picture,
  proposal: Sighted,
): Promise<{ face: Face; chip: Float32Array } | undefined> {
  const mesh = await meshOf(mesher, picture, proposal);
  // Two witnesses of whom either may have missed it.
  const confidence = 1 - (1 - proposal.score) * (1 - mesh.presence);
  if (confidence < CONFIDENCE_MIN) return undefined;
  const isMeshed = mesh.presence >= PRESENCE_MIN;
  const points = isMeshed ? fiveOf(mesh) : mouthed(proposal.points);
  const chip = chipOf(picture, points);
  const face: Face = {
    box: isMeshed ? boxOf(mesh) : boxOfProposal(proposal),
    confidence,
    landmarks: LANDMARK_KINDS.map((kind, at) => ({ kind, ...placeOf(points, at) })),
    quality: qualityOf(chip),
    pose: poseOf(mesh),
  };
  return { face, chip };
}

/** The vector of an upright chip. */
export async function embedChip(embedder: Net, chip: Float32Array): Promise<Float32Array> {
  const [vector] = await embedder.run(chip, [1, 3, CHIP_SIDE, CHIP_SIDE]);
  if (vector === undefined || vector.length !== VECTOR_LENGTH) throw new Error('the embedder gave no vector');
  return vector;
}

function fiveIn({ landmarks }: Face): Point[] {
  return LANDMARK_KINDS.map((kind) => {
    const found = landmarks.find((landmark) => landmark.kind === kind);
    if (found === undefined) throw new RangeError(`the face comes without ${kind}`);
    return found;
  });
}

function placeOf(points: readonly Point[], at: number): Point {
  const { x = 0, y = 0 } = points[at] ?? {};
  return { x, y };
}

function boxOfProposal({ left, top, width, height }: Sighted): Face['box'] {
  return { left, top, width, height };
}

function areaOf({ width, height }: { width: number; height: number }): number {
  return width * height;
}
