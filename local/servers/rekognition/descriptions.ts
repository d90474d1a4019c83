/**
 * Faces and users as responses contain them. Boxes and points are relative to the picture's sides;
 * confidences are 0 to 100.
 */
import type { AnalysedFace, Analysis, LandmarkKind } from './face-analyser.ts';
import type { BoundingBox, StoredFace } from './faces.ts';
import type { User } from './users.ts';

type Picture = Pick<Analysis, 'width' | 'height'>;

/** Returns a face's box relative to the picture's sides. */
export function boxOf({ box }: AnalysedFace, { width, height }: Picture): BoundingBox {
  return {
    Left: box.left / width,
    Top: box.top / height,
    Width: box.width / width,
    Height: box.height / height,
  };
}

/** The engine and AWS both name left and right from the viewer's side. */
const LANDMARK_TYPES: Readonly<Record<LandmarkKind, string>> = {
  leftEye: 'eyeLeft',
  rightEye: 'eyeRight',
  nose: 'nose',
  mouthLeft: 'mouthLeft',
  mouthRight: 'mouthRight',
};

/** Returns a face with AWS's DEFAULT attributes; the others are not estimated. */
export function describeDetail(face: AnalysedFace, picture: Picture) {
  return {
    BoundingBox: boxOf(face, picture),
    Confidence: confidenceOf(face),
    Landmarks: face.landmarks.map(({ kind, x, y }) => ({
      Type: LANDMARK_TYPES[kind],
      X: x / picture.width,
      Y: y / picture.height,
    })),
    Pose: { Roll: face.pose.roll, Yaw: face.pose.yaw, Pitch: face.pose.pitch },
    Quality: { Brightness: face.quality.brightness, Sharpness: face.quality.sharpness },
  };
}

/** Returns the confidence that the face is a face, 0 to 100. */
export function confidenceOf({ confidence }: AnalysedFace): number {
  return confidence * 100;
}

/** Returns a stored face. */
export function describeFace(face: StoredFace) {
  return {
    FaceId: face.faceId,
    BoundingBox: face.box,
    ImageId: face.imageId,
    ExternalImageId: face.externalImageId,
    Confidence: face.confidence,
    IndexFacesModelVersion: face.modelId,
    UserId: face.userId,
  };
}

/** Returns a user with its status. */
export function describeUser({ userId, status }: User) {
  return { UserId: userId, UserStatus: status };
}
