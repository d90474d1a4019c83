/** The examples of sightings, frames, visits and heatmaps. */
import { problem } from '../http/problems.ts';

const visit = {
  id: 'sz01~2026-11-22~1~user.v.8f3a',
  visitor: 'user.v.8f3a',
  number: 1,
  frequency: 'second',
  isStaff: false,
  counts: 'visitor',
  firstSeenAt: '2026-11-22T10:03:12+08:00',
  lastSeenAt: '2026-11-22T10:11:02.500+08:00',
  isOpen: false,
  dwellSeconds: 470.5,
  assisted: true,
};

const part = (value: string, numerator: string, denominator: string) => ({
  value,
  numerator,
  denominator,
  formulaVersion: 1,
});

export const VISIT_EXAMPLES = {
  sightings: {
    contract: 'Sightings',
    summary: 'A track, a stay, and one minute of a door.',
    value: {
      sightings: [
        {
          kind: 'track',
          sensor: 'xovis-1',
          track: 4711,
          samples: [
            { at: '2026-11-22T10:03:12.000+08:00', x: 120, y: 340 },
            { at: '2026-11-22T10:03:12.500+08:00', x: 151, y: 338 },
          ],
        },
        {
          kind: 'stay',
          sensor: 'xovis-1',
          track: 4712,
          zone: 'shoes',
          from: '2026-11-22T10:03:20+08:00',
          to: '2026-11-22T10:04:05+08:00',
        },
        {
          kind: 'passage',
          sensor: 'door',
          from: '2026-11-22T10:03:00+08:00',
          to: '2026-11-22T10:04:00+08:00',
          in: 3,
          out: 1,
        },
      ],
    },
  },
  sightingsAccepted: {
    contract: 'SightingsResponse',
    summary: 'The sighting is accepted.',
    value: {
      accepted: 1,
      refused: 0,
      notAccepted: 0,
      sightings: [{ status: 'accepted', index: 0, ids: ['sz01/door/1795312980000'] }],
    },
  },
  sightingsMixed: {
    contract: 'SightingsResponse',
    summary: 'The second is not valid.',
    value: {
      accepted: 1,
      refused: 1,
      notAccepted: 0,
      sightings: [
        { status: 'accepted', index: 0, ids: ['sz01/door/1795312980000'] },
        {
          status: 'refused',
          index: 1,
          problem: problem(400, 'invalid-sighting', 'The sighting is not valid.', [
            { pointer: '#/sightings/1/in', detail: 'must not be below 0' },
          ]),
        },
      ],
    },
  },
  invalidSightings: {
    contract: 'Problem',
    summary: 'The body is not a list of sightings.',
    value: problem(400, 'invalid-batch', 'The body is not valid.', [
      { pointer: '#/sightings', detail: 'must hold at least one sighting' },
    ]),
  },
  keyNotForSightings: {
    contract: 'Problem',
    summary: 'A valid key of another kind.',
    value: problem(403, 'wrong-key-type', 'The key is not for sightings.'),
  },
  frame: {
    contract: 'FrameResponse',
    summary: 'A returning visitor, and a face too far away.',
    value: {
      frame: 'sz01.cam-entry.5f0c2a',
      mode: 'visitors',
      faces: [
        {
          box: { left: 0.31, top: 0.22, width: 0.08, height: 0.14 },
          zones: ['entry'],
          outcome: 'visitor',
          visitor: 'user.v.8f3a',
        },
        {
          box: { left: 0.8, top: 0.1, width: 0.01, height: 0.02 },
          zones: [],
          outcome: 'low-quality',
          reasons: ['too small'],
        },
      ],
    },
  },
  keyNotForFrames: {
    contract: 'Problem',
    summary: 'A valid key of another kind.',
    value: problem(403, 'wrong-key-type', 'The key is not for frames.'),
  },
  facesOff: {
    contract: 'Problem',
    summary: 'Faces are disabled by law or by the settings of the store.',
    value: problem(409, 'faces-disabled', 'Faces are off in store sz01; the picture was discarded.'),
  },
  picturesBarred: {
    contract: 'Problem',
    summary: 'The law of the store bars its pictures from the cloud.',
    value: problem(
      409,
      'pictures-not-permitted',
      'No picture of store sz01 may be examined here; it was discarded. Devices that identify people may be installed in a public place where public safety needs them, and the consent of some does not cover the others in the picture; so no picture of a floor is looked at. (PIPL art. 26) This is no legal advice; ask counsel.',
    ),
  },
  notJpeg: {
    contract: 'Problem',
    summary: 'Another content type.',
    value: problem(415, 'not-jpeg', 'Send image/jpeg.'),
  },
  notAPicture: {
    contract: 'Problem',
    summary: 'A truncated picture.',
    value: problem(422, 'invalid-image', 'The picture is cut off.'),
  },
  busy: {
    contract: 'Problem',
    summary: 'Send it again.',
    value: problem(429, 'busy', 'The frame could not be processed now and was discarded; send it again.'),
  },
  noSuchVisit: {
    contract: 'Problem',
    summary: 'An unknown visit.',
    value: problem(404, 'visit-not-found', 'The visit does not exist.'),
  },
  visits: {
    contract: 'VisitsResponse',
    summary: 'A day with one visit so far.',
    value: {
      store: 'sz01',
      day: '2026-11-22',
      visits: [
        {
          ...visit,
          zones: [
            {
              zone: 'shoes',
              entries: 1,
              seconds: 212.5,
              intervals: [{ from: '2026-11-22T10:04:30+08:00', to: '2026-11-22T10:08:02.500+08:00' }],
            },
          ],
        },
      ],
      next: null,
    },
  },
  visit: {
    contract: 'VisitResponse',
    summary: 'A path to the till, with a purchase.',
    value: {
      ...visit,
      store: 'sz01',
      day: '2026-11-22',
      path: [
        {
          zone: 'shoes',
          from: '2026-11-22T10:04:30+08:00',
          to: '2026-11-22T10:08:02.500+08:00',
          seconds: 212.5,
        },
        { zone: 'till-1', from: '2026-11-22T10:09:00+08:00', to: '2026-11-22T10:10:40+08:00', seconds: 100 },
      ],
      zones: [
        { zone: 'shoes', entries: 1, seconds: 212.5 },
        { zone: 'till-1', entries: 1, seconds: 100 },
      ],
      purchase: {
        answer: 'yes',
        reason: 'alone at the till when it closed a sale',
        receipt: 'sz01/T1/2026-11-22/000123',
        closedAt: '2026-11-22T10:10:21+08:00',
        zone: 'till-1',
      },
    },
  },
  heatmap: {
    contract: 'HeatmapResponse',
    summary: 'A week of the zone shoes, beside the week before.',
    value: {
      store: 'sz01',
      timeZone: 'Asia/Shanghai',
      slotMinutes: 60,
      asOf: '2026-11-22T15:04:41.120+08:00',
      period: { from: '2026-11-16', to: '2026-11-22' },
      compared: { from: '2026-11-09', to: '2026-11-15' },
      zones: [
        {
          zone: 'shoes',
          period: {
            people: 412,
            seconds: 38_110.5,
            figures: { draw: part('0.400000', '400', '1000') },
          },
          compared: {
            people: 380,
            seconds: 30_400,
            figures: { draw: part('0.380000', '380', '1000') },
          },
          slots: [
            {
              start: '10:00',
              period: { people: 41, seconds: 3_650 },
              compared: { people: 36, seconds: 2_900.5 },
            },
          ],
        },
      ],
      kpis: {
        draw: {
          en: 'Draw',
          zh: '区域吸引率',
          unit: 'share',
          formulaVersion: 1,
          formula: 'visits to the zone ÷ ended visits',
          formulaZh: '进入区域的访问 ÷ 已离店访问',
        },
      },
    },
  },
} as const;
