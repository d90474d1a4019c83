/**
 * Pictures that carry their faces as JSON after the signature of a JPEG, and an engine that parses them. So a
 * test defines itself which faces a picture has, how similar they are and how good.
 */
import type { AnalysedFace, FaceAnalyser } from '#local/servers/rekognition/face-analyser.ts';

export interface ScriptedFace {
  /**
   * The direction of its vector in degrees; the similarity of two faces is the cosine between their
   * directions.
   */
  readonly angle: number;
  /** Side of the square box, in pixels. */
  readonly size?: number;
  readonly left?: number;
  readonly top?: number;
  /** 0 to 1. */
  readonly confidence?: number;
  readonly brightness?: number;
  readonly sharpness?: number;
  readonly yaw?: number;
}

interface Script {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly ScriptedFace[];
  /** The engine rejects the picture for this reason. */
  readonly reason?: string;
}

const JPEG_MARK = [0xff, 0xd8, 0xff, 0xe0];
export const MODEL_ID = 'scripted-1';

/** Returns the bytes of a picture with these faces, of 1000 × 500 pixels by default. */
export function pictureOf(faces: readonly ScriptedFace[], rest: Partial<Script> = {}): Uint8Array {
  const script: Script = { width: 1000, height: 500, faces, ...rest };
  return Uint8Array.from([...JPEG_MARK, ...Buffer.from(JSON.stringify(script))]);
}

/** Returns 100 times the cosine: a similarity of 80 is an angle of 36.87°, one of 75 is 41.41°. */
export const similarityOf = (cosine: number): number => Math.max(0, 100 * cosine);

/** Returns the similarity of two faces whose directions differ by `degrees`. */
export const similarityAt = (degrees: number): number => 100 * Math.cos((degrees * Math.PI) / 180);

/** Returns an engine that reads pictures made by `pictureOf`. */
export function scriptedAnalyser({ modelId = MODEL_ID }: { readonly modelId?: string } = {}): FaceAnalyser {
  return {
    modelId,
    async analyse(bytes, { facesMax = Number.POSITIVE_INFINITY } = {}) {
      const { width, height, faces, reason } = JSON.parse(
        Buffer.from(bytes.subarray(JPEG_MARK.length)).toString('utf8'),
      ) as Script;
      if (reason !== undefined) throw Object.assign(new Error(`invalid: ${reason}`), { reason });
      return {
        width,
        height,
        faces: faces
          .toSorted((a, b) => sizeOf(b) - sizeOf(a))
          .slice(0, facesMax)
          .map(faceOf),
      };
    },
  };
}

const sizeOf = ({ size = 100 }: ScriptedFace): number => size;

function faceOf(face: ScriptedFace): AnalysedFace {
  const {
    angle,
    size = 100,
    left = 0,
    top = 0,
    confidence = 0.99,
    brightness = 80,
    sharpness = 90,
    yaw = 0,
  } = face;
  const radians = (angle * Math.PI) / 180;
  return {
    box: { left, top, width: size, height: size },
    confidence,
    landmarks: [{ kind: 'leftEye', x: left + size / 2, y: top + size / 2 }],
    quality: { brightness, sharpness },
    pose: { roll: 1, pitch: 2, yaw },
    vector: Float32Array.of(Math.cos(radians), Math.sin(radians)),
  };
}
