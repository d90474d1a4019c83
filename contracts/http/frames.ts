/**
 * The frame that a camera posts, one JPEG, and the outcome of each face in it.
 *
 * The picture is the request body. Camera and time are in the query, because the firmware of cameras supports that and
 * seldom multipart. Boxes are fractions of the sides of the picture after the rotation that EXIF states.
 */
import * as v from 'valibot';
import type { SensorId, StoreId, VisitorId, ZoneId } from '#domain/chain/ids.ts';
import { count, examples, placeId } from '../primitives.ts';

/** API Gateway passes at most 6 MB to a function, and base64 makes a picture a third larger. */
export const FRAME_BYTES_MAX = 4_000_000;

/** The limit of Rekognition for one picture. */
export const FACES_PER_FRAME_MAX = 100;

const EPOCH_MS = /^\d{12,14}$/;
/** In a query `+` is decoded as a space, and few cameras escape it. */
const WITH_ZONE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+ -]\d{2}:\d{2})$/;

function instantMsOf(text: string): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text);
  const match = WITH_ZONE.exec(text);
  if (match === null) return undefined;
  const instantMs = Date.parse(`${match[1]}${match[2]?.replace(' ', '+')}`);
  return Number.isNaN(instantMs) ? undefined : instantMs;
}

export const FrameQuery = v.strictObject(
  {
    camera: v.pipe(
      placeId<SensorId>('must be the id of a camera', 'is missing'),
      v.description("The id of the camera among the store's sensors."),
      examples('cam-entry'),
    ),
    at: v.pipe(
      v.string('is missing'),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const instantMs = instantMsOf(dataset.value);
        if (instantMs !== undefined) return instantMs;
        addIssue({
          message: 'must be a time with its zone, 2026-11-22T10:03:12+08:00, or milliseconds since 1970',
        });
        return NEVER;
      }),
      v.description('The time of the picture: RFC 3339 with an offset, or milliseconds since 1970.'),
      examples('2026-11-22T10:03:12Z'),
    ),
  },
  ({ expected }) => (expected === 'never' ? 'is not a field of the query' : 'is missing'),
);

const fraction = v.pipe(v.number(), v.description('A fraction of the width or height of the picture.'));

export const FACE_OUTCOMES = [
  'member',
  'staff',
  'visitor',
  'enrolled',
  'not-retained',
  'low-quality',
] as const;

export const FaceResult = v.pipe(
  v.object({
    box: v.object({ left: fraction, top: fraction, width: fraction, height: fraction }),
    zones: v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.transform((id) => id as ZoneId),
        ),
      ),
      v.description('The zones around the centre of the box.'),
    ),
    outcome: v.pipe(
      v.picklist(FACE_OUTCOMES),
      v.description(
        'member, staff, visitor: recognised. enrolled: new, stored from now on. not-retained: the vector was deleted. low-quality: not compared.',
      ),
    ),
    visitor: v.optional(
      v.pipe(
        v.string(),
        v.transform((id) => id as VisitorId),
        v.description('The visitor id of a recognised or enrolled face.'),
      ),
    ),
    reasons: v.optional(
      v.pipe(v.array(v.string()), v.description('The reasons for not-retained and low-quality.')),
    ),
  }),
  v.metadata({
    title: 'FaceResult',
    description: 'One face of a frame.',
  }),
);
export type FaceResult = v.InferOutput<typeof FaceResult>;

export const FrameResponse = v.pipe(
  v.object({
    frame: v.pipe(
      v.string(),
      v.description('The id of the frame: the same picture of the same camera and time has the same id.'),
    ),
    mode: v.pipe(v.picklist(['members', 'visitors']), v.description('Which faces the store may recognise.')),
    faces: v.pipe(v.array(FaceResult), v.description('One result per face.')),
    countedOnly: v.optional(
      v.pipe(
        v.string(),
        v.description('Present once the daily budget of face searches is spent: faces were only counted.'),
      ),
    ),
  }),
  v.metadata({ title: 'FrameResponse' }),
);
export type FrameResponse = v.InferOutput<typeof FrameResponse>;

/** Work that is deferred until a frame must be over: a check of its leftovers, or a merge of two users of one person. */
export const FaceNotice = v.variant('kind', [
  v.object({
    kind: v.literal('look'),
    frame: v.string(),
    /** The attempt at the frame that this check follows. */
    attempt: count,
  }),
  v.object({ kind: v.literal('merge'), store: placeId<StoreId>(), from: v.string(), into: v.string() }),
]);
export type FaceNotice = v.InferOutput<typeof FaceNotice>;
