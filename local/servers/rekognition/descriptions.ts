/** Faces and users as answers show them. Places in a picture are shares of its sides, confidences are of 100. */
import type { AnalysedFace, Analysis, LandmarkKind } from './face-analyser.ts';
import type { BoundingBox, StoredFace } from './faces.ts';
import type { User } from './users.ts';

type Picture = Pick<Analysis, 'width' | 'height'>;

export function boxOf({ box }: AnalysedFace, { width, height }: Picture): BoundingBox {
  return {
    Left: box.left / width,
    Top: box.top / height,
    Width: box.width / width,
    Height: box.height / height,
  };
}

/** Left and right are those of the picture, here and there. */
const LANDMARK_TYPES: Readonly<Record<LandmarkKind, string>> = {
  leftEye: 'eyeLeft',
  rightEye: 'eyeRight',
  nose: 'nose',
  mouthLeft: 'mouthLeft',
  mouthRight: 'mouthRight',
};

/** What AWS tells of every face by default; of what it tells on demand, nothing is estimated here. */
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

export function confidenceOf({ confidence }: AnalysedFace): number {
  return confidence * 100;
}

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

export function describeUser({ userId, status }: User) {
  return { UserId: userId, UserStatus: status };
}
