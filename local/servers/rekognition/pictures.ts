/** Pictures: from the bytes of a request to the faces in them, with AWS's errors for invalid ones. */
import type { FacePoolFullError } from '#vision/engine/face-pool.ts';
import type { InvalidPictureReason } from '#vision/picture/decode.ts';
import {
  imageTooLarge,
  imageTooSmall,
  invalidImageFormat,
  invalidParameter,
  s3NotSupported,
  throughputExceeded,
} from './errors.ts';
import type { AnalysedFace, Analysis, AnalysisOptions } from './face-analyser.ts';
import { FACES_PER_IMAGE_MAX, IMAGE_PIXELS_MIN } from './limits.ts';
import type { Rekognition } from './rekognition.ts';
import type { Image } from './shapes.ts';

/** JPEG and PNG are the formats that AWS accepts; a decoder may accept more. */
const SIGNATURES = [
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
];

/** The error of an engine whose queue is full, matched by name so that the engine is not loaded here. */
const POOL_FULL: FacePoolFullError['name'] = 'FacePoolFullError';

/**
 * Returns the faces of a picture, largest first.
 *
 * @throws the AWS errors for bytes that are no picture, for one that is too large or too small, and at the
 * limit of pictures
 */
export async function analyse(
  { admission, faces }: Rekognition,
  image: Image,
  options: AnalysisOptions = {},
): Promise<Analysis> {
  const bytes = bytesOf(image);
  const analysis = await admission.admit(() =>
    faces.analyse(bytes, { facesMax: FACES_PER_IMAGE_MAX, ...options }).catch((error: unknown) => {
      throw errorOf(error);
    }),
  );
  if (Math.min(analysis.width, analysis.height) < IMAGE_PIXELS_MIN) throw imageTooSmall(IMAGE_PIXELS_MIN);
  return { ...analysis, faces: largestFirst(analysis.faces).slice(0, FACES_PER_IMAGE_MAX) };
}

/**
 * Returns the bytes of a request's image.
 *
 * @throws InvalidS3ObjectException, InvalidParameterException or InvalidImageFormatException
 */
export function bytesOf({ Bytes, S3Object }: Image): Buffer {
  if (S3Object !== undefined) throw s3NotSupported();
  if (Bytes === undefined) throw invalidParameter('Request has invalid parameters');
  if (!SIGNATURES.some((signature) => Bytes.subarray(0, signature.length).equals(signature)))
    throw invalidImageFormat();
  return Bytes;
}

function largestFirst(faces: readonly AnalysedFace[]): AnalysedFace[] {
  const area = ({ box }: AnalysedFace) => box.width * box.height;
  return faces.toSorted((a, b) => area(b) - area(a));
}

/**
 * Returns the AWS error for an invalid picture or a full queue; any other error is a defect of the engine and
 * stays.
 */
function errorOf(error: unknown): unknown {
  if (error instanceof Error && error.name === POOL_FULL) return throughputExceeded();
  if (!(error instanceof Error) || !('reason' in error)) return error;
  if (error.reason === ('too-large' satisfies InvalidPictureReason)) return imageTooLarge(error.message);
  if (error.reason === ('too-small' satisfies InvalidPictureReason)) return imageTooSmall(IMAGE_PIXELS_MIN);
  return invalidImageFormat();
}
