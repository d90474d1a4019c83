/**
 * What a camera posts and is told: one JPEG of one moment, and what became of each face in it.
 *
 * The picture is the body as it is. Camera and time stand in the query, because a camera's firmware can put them there
 * and seldom writes multipart. Boxes are shares of the picture's sides, as people see it: turned the way EXIF says.
 */
import * as v from 'valibot';
import { isPlaceId, type SensorId, type StoreId, type VisitorId, type ZoneId } from '#domain/chain/ids.ts';

/** The gateway hands a function at most 6 MB, and a picture in base64 is a third larger than it is. */
export const FRAME_BYTES_MAX = 4_000_000;

/** As many as the service finds in one picture. */
export const FACES_PER_FRAME_MAX = 100;

const EPOCH_MS = /^\d{12,14}$/;
/** In a query `+` is read as a space, and few cameras escape it. */
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
      v.string('is missing'),
      v.check(isPlaceId, 'must be the id of a camera'),
      v.transform((id) => id as SensorId),
      v.description("The camera, by the name it has among the store's sensors."),
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
      v.description('When the picture was taken: RFC 3339 with an offset, or milliseconds since 1970.'),
    ),
  },
  ({ expected }) => (expected === 'never' ? 'is not a field of the query' : 'is missing'),
);

const share = v.pipe(v.number(), v.description("A share of the picture's width or height."));

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
    box: v.object({ left: share, top: share, width: share, height: share }),
    zones: v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.transform((id) => id as ZoneId),
        ),
      ),
      v.description('The zones that the middle of the box lies in.'),
    ),
    outcome: v.picklist(FACE_OUTCOMES),
    visitor: v.optional(
      v.pipe(
        v.string(),
        v.transform((id) => id as VisitorId),
      ),
    ),
    reasons: v.optional(v.pipe(v.array(v.string()), v.description('Why it was not kept, or is too poor.'))),
  }),
  v.metadata({
    title: 'FaceResult',
    description:
      'member, staff, visitor: known. enrolled: kept from now on. not kept: its vector is gone. too poor: not compared.',
  }),
);
export type FaceResult = v.InferOutput<typeof FaceResult>;

export const FrameResponse = v.pipe(
  v.object({
    frame: v.pipe(
      v.string(),
      v.description('Its name: the same picture of the same camera and moment has the same.'),
    ),
    mode: v.picklist(['members', 'visitors']),
    faces: v.array(FaceResult),
    countedOnly: v.optional(
      v.pipe(
        v.string(),
        v.description('Why nobody was looked for: the day has paid for all the calls it may.'),
      ),
    ),
  }),
  v.metadata({ title: 'FrameResponse' }),
);
export type FrameResponse = v.InferOutput<typeof FrameResponse>;

const placeId = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.check(isPlaceId),
    v.transform((id) => id as Id),
  );

/** What is put off until a frame must be over: a look at what it left, and the joining of two users that are one. */
export const FaceNotice = v.variant('kind', [
  v.object({
    kind: v.literal('look'),
    frame: v.string(),
    /** Which attempt at the frame this follows. */
    attempt: v.pipe(v.number(), v.integer()),
  }),
  v.object({ kind: v.literal('merge'), store: placeId<StoreId>(), from: v.string(), into: v.string() }),
]);
export type FaceNotice = v.InferOutput<typeof FaceNotice>;
