/**
 * The sightings that a tracking device posts: tracks of positions, stays in zones that the device computed, and counts at a
 * door. A track is anonymous: its number means nothing to another sensor.
 *
 * A long track is sent in parts while the person is still there. Each part but the first begins with the last sample of
 * the part before, so that the time between the two is not lost; parts may come twice and in any order.
 */
import * as v from 'valibot';
import { parseLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import { count, examples, foreignId, jsonSchema, placeId } from '../primitives.ts';
import { Problem } from './problems.ts';
import { coordinate } from './sensors.ts';
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

/** An instant, in milliseconds since 1970. A device does not have the clock of the store, so a text needs a zone. */
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
  examples('2026-11-22T10:03:12.500+08:00'),
);

const sensor = v.pipe(
  placeId<SensorId>(),
  v.description('The id of the sensor in the store.'),
  examples('xovis-1'),
);

/** Without a dot, which separates sensor and track in a visitor id. */
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
  v.description('The track of one person, unique for the sensor and the business day.'),
);

const isStaff = v.optional(
  v.pipe(
    v.boolean('must be true or false'),
    v.description('The device recognised staff, for example by a badge.'),
  ),
);

const member = v.optional(
  v.pipe(
    foreignId('must be a member number: 1 to 64 characters without control characters, # or outer spaces'),
    v.description(
      'The number of a member who stepped up to this device and whom it matched itself, without sending a picture. It counts only where the law of the store permits it and the member has consented to faces.',
    ),
    examples('M100023'),
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
/** FF D8 FF, the beginning of every JPEG, in base64. */
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
    'The best picture of the face, JPEG in base64; at most one per track. Processed once if the store may, never stored. Where the law bars pictures of the sensor from the cloud, the sighting is refused with the articles (409).',
  ),
);

export const TrackInput = v.strictObject(
  {
    kind: v.literal('track'),
    sensor,
    track,
    // Parsed one by one, so that a megabyte of errors is not a million of them in memory.
    samples: v.pipe(
      v.array(v.unknown(), 'must be a list'),
      v.minLength(1, 'must hold at least one sample'),
      v.maxLength(SAMPLES_MAX, `must not hold more than ${SAMPLES_MAX} samples; send the track in parts`),
      v.description('In chronological order.'),
    ),
    isStaff,
    member,
    bestShot: v.optional(bestShot),
  },
  strictObjectMessage('a track'),
);

export const StayInput = v.strictObject(
  {
    kind: v.literal('stay'),
    sensor,
    track,
    zone: v.optional(v.pipe(placeId<ZoneId>(), v.description('Absent for a person outside all zones.'))),
    from: v.pipe(instant, v.description('The beginning of the stay.')),
    to: v.pipe(instant, v.description('The end of the stay.')),
    isStaff,
    member,
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
      v.description(
        'With the sensor, the id of the count. A longer count from the same time replaces a shorter one, as running totals do; counts that overlap otherwise are not counted twice but kept as conflicts.',
      ),
    ),
    to: v.pipe(
      instant,
      v.description('At most an hour after from, and on the same business day of the store.'),
    ),
    in: v.pipe(people, v.description('People who entered.')),
    out: v.pipe(people, v.description('People who left.')),
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
        v.description('Each is accepted or refused on its own; an invalid one does not hold up the others.'),
        jsonSchema({ items: { $ref: '#/components/schemas/Sighting' } }),
      ),
    },
    strictObjectMessage('the body, { "sightings": [ … ] }'),
  ),
  v.metadata({ title: 'Sightings' }),
);

const index = v.pipe(count, v.description('Index of the sighting in the request, from 0.'));

export const SightingResult = v.pipe(
  v.variant('status', [
    v.object({
      status: v.literal('accepted'),
      index,
      ids: v.pipe(
        v.array(v.string()),
        v.description('The ids of its events: one for each business day that it touches.'),
      ),
      memberDropped: v.optional(
        v.pipe(
          v.string(),
          v.description('The reason for which the member number was discarded. The sighting itself counts.'),
        ),
      ),
      bestShotDropped: v.optional(
        v.pipe(
          v.string(),
          v.description(
            'The reason for which the picture was discarded unprocessed. The sighting itself counts.',
          ),
        ),
      ),
    }),
    v.object({ status: v.literal('refused'), index, problem: Problem }),
    v.object({ status: v.literal('not-accepted'), index, problem: Problem }),
  ]),
  v.metadata({
    title: 'SightingResult',
    description:
      'accepted: stored durably and counted once, however often it is sent. refused: correct it. not-accepted: send it again later.',
  }),
);

export type SightingResult = v.InferOutput<typeof SightingResult>;

export const SightingsResponse = v.pipe(
  v.object({
    accepted: v.pipe(count, v.description('Number of accepted sightings.')),
    refused: v.pipe(count, v.description('Number of refused sightings.')),
    notAccepted: v.pipe(count, v.description('Number of sightings to send again.')),
    sightings: v.pipe(
      v.array(SightingResult),
      v.description('One result per sighting, in the order of the request.'),
    ),
  }),
  v.metadata({ title: 'SightingsResponse' }),
);

export type SightingsResponse = v.InferOutput<typeof SightingsResponse>;
