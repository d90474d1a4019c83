/**
 * What a device posts that follows people by itself: tracks of positions, stays in zones it has worked out, and what it
 * counted at a door. It knows nobody: a track is a number that means nothing elsewhere.
 *
 * A long track is sent in parts while the person is still there. Each part but the first begins with the last sample of
 * the part before, so that the time between the two is not lost; parts may come twice and in any order.
 */
import * as v from 'valibot';
import { parseLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import { Problem } from './problems.ts';
import { coordinate, placeId } from './sensors.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const SIGHTINGS_MAX = 500;
export const SIGHTINGS_BYTES_MAX = 1_000_000;
export const SAMPLES_MAX = 1_000;
export const BEST_SHOT_BYTES_MAX = 300_000;
/** More people than any door lets through in a day. */
export const PASSAGES_MAX = 1_000_000;
const HEIGHT_MAX = 100_000;
const BASE64_CHARACTERS_PER_3_BYTES = 4;

const WITH_ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;
const A_TIME = 'must be a time: milliseconds since 1970, or 2026-11-22T10:03:12.500+08:00';

/** An instant, in milliseconds. Devices have no store's wall clock, so a text has to say its zone. */
const instant = v.pipe(
  v.union([v.number(), v.string()], A_TIME),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const { value } = dataset;
    const ms =
      typeof value === 'number'
        ? value
        : WITH_ZONE.test(value)
          ? parseLocalTime(value, 'UTC')?.instantMs
          : undefined;
    if (ms !== undefined && Number.isSafeInteger(ms)) return ms;
    addIssue({ message: A_TIME });
    return NEVER;
  }),
);

const sensor = placeId<SensorId>('The sensor, as it was set up in the store.');

/** No dot: it parts the sensor from the track in a visitor's name. */
const TRACK = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const A_TRACK = 'must be a whole number from 0, or 1 to 64 letters, digits, dashes or underscores';

const track = v.pipe(
  v.union([v.number(), v.string()], A_TRACK),
  v.rawTransform(({ dataset, addIssue, NEVER }): string => {
    const { value } = dataset;
    if (typeof value === 'string' ? TRACK.test(value) : Number.isSafeInteger(value) && value >= 0) {
      return String(value);
    }
    addIssue({ message: A_TRACK });
    return NEVER;
  }),
  v.description('The track; one body, unique for the sensor and the business day.'),
);

const isStaff = v.optional(
  v.pipe(
    v.boolean('must be true or false'),
    v.description('The device knows it for staff, by a badge for instance.'),
  ),
);

export const SampleInput = v.strictObject(
  {
    at: instant,
    x: coordinate,
    y: coordinate,
    height: v.optional(
      v.pipe(
        v.number('must be a number'),
        v.minValue(0, 'must not be below 0'),
        v.maxValue(HEIGHT_MAX, `must not be above ${HEIGHT_MAX}`),
      ),
    ),
  },
  strictObjectMessage('a sample'),
);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** How FF D8 FF, the beginning of every JPEG, looks in base64. */
const JPEG_BEGINNING = '/9j/';

const bestShot = v.pipe(
  v.string('must be a text'),
  v.maxLength(
    Math.ceil(BEST_SHOT_BYTES_MAX / 3) * BASE64_CHARACTERS_PER_3_BYTES,
    `must not be a picture of more than ${BEST_SHOT_BYTES_MAX} bytes`,
  ),
  v.check((text) => BASE64.test(text), 'must be base64, without line breaks'),
  v.check((text) => text.startsWith(JPEG_BEGINNING), 'must be a JPEG'),
  v.description(
    'The best picture of the face, JPEG in base64; at most one per track. Looked at once where the store may, never kept.',
  ),
);

export const TrackInput = v.strictObject(
  {
    kind: v.literal('track'),
    sensor,
    track,
    // Each is parsed on its own, so that a megabyte of faults is not a million of them in memory.
    samples: v.pipe(
      v.array(v.unknown(), 'must be a list'),
      v.minLength(1, 'must hold at least one sample'),
      v.maxLength(SAMPLES_MAX, `must not hold more than ${SAMPLES_MAX} samples; send the track in parts`),
      v.description('In the order of time.'),
    ),
    isStaff,
    bestShot: v.optional(bestShot),
  },
  strictObjectMessage('a track'),
);

export const StayInput = v.strictObject(
  {
    kind: v.literal('stay'),
    sensor,
    track,
    zone: v.optional(placeId<ZoneId>('Left out where the body was in no zone.')),
    from: instant,
    to: instant,
    isStaff,
  },
  strictObjectMessage('a stay'),
);

const people = v.pipe(
  v.number('must be a whole number'),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must not be below 0'),
  v.maxValue(PASSAGES_MAX, `must not be above ${PASSAGES_MAX}`),
);

export const PassageInput = v.strictObject(
  {
    kind: v.literal('passage'),
    sensor,
    from: v.pipe(
      instant,
      v.description('With the sensor its name: a second count from the same time is refused.'),
    ),
    to: instant,
    in: people,
    out: people,
  },
  strictObjectMessage('a passage'),
);

export const SightingInput = v.pipe(
  v.variant('kind', [TrackInput, StayInput, PassageInput], ({ expected }) =>
    expected === 'Object' ? 'a sighting must be an object' : 'must be track, stay or passage',
  ),
  v.metadata({ title: 'Sighting' }),
);

export type SampleInput = v.InferOutput<typeof SampleInput>;
export type TrackInput = v.InferOutput<typeof TrackInput>;
export type StayInput = v.InferOutput<typeof StayInput>;
export type PassageInput = v.InferOutput<typeof PassageInput>;
export type SightingInput = v.InferOutput<typeof SightingInput>;

export const SightingsRequest = v.pipe(
  v.strictObject(
    {
      sightings: v.pipe(
        v.array(v.unknown(), 'must be a list'),
        v.minLength(1, 'must hold at least one sighting'),
        v.maxLength(SIGHTINGS_MAX, `must not hold more than ${SIGHTINGS_MAX} sightings`),
      ),
    },
    strictObjectMessage('the body, { "sightings": [ … ] }'),
  ),
  v.metadata({ title: 'Sightings' }),
);

const index = v.pipe(v.number(), v.integer(), v.description('Place of the sighting in the request, from 0.'));

export const SightingResult = v.pipe(
  v.variant('status', [
    v.object({
      status: v.literal('accepted'),
      index,
      ids: v.pipe(
        v.array(v.string()),
        v.description('The names of its events: one, or one for each business day that it reaches into.'),
      ),
      bestShotDropped: v.optional(
        v.pipe(
          v.string(),
          v.description('Why the picture was thrown away unseen. The sighting itself counts.'),
        ),
      ),
    }),
    v.object({ status: v.literal('refused'), index, problem: Problem }),
    v.object({ status: v.literal('not-accepted'), index, problem: Problem }),
  ]),
  v.metadata({
    title: 'SightingResult',
    description:
      'accepted: durable, and counted once however often it is sent. refused: mend it. not taken: send it again later.',
  }),
);

export type SightingResult = v.InferOutput<typeof SightingResult>;

export const SightingsResponse = v.pipe(
  v.object({
    accepted: v.pipe(v.number(), v.integer()),
    refused: v.pipe(v.number(), v.integer()),
    notAccepted: v.pipe(v.number(), v.integer()),
    sightings: v.array(SightingResult),
  }),
  v.metadata({ title: 'SightingsResponse' }),
);

export type SightingsResponse = v.InferOutput<typeof SightingsResponse>;
