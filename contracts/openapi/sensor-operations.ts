/** What cameras and sensors may post. */
import { FRAME_BYTES_MAX, FrameQuery } from '../http/frames.ts';
import { SIGHTINGS_BYTES_MAX, SIGHTINGS_MAX } from '../http/sightings.ts';
import {
  fromGateway,
  json,
  KEY_NEEDED,
  media,
  type Operation,
  SERVER_ERROR,
  parametersOf,
  problemDetails,
  RETRY_AFTER,
} from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Sensors'], security: [{ deviceKey: [] }] };

export const ingestSightings: Operation = {
  operationId: 'ingestSightings',
  summary: 'Take what sensors saw by themselves',
  description: `Tracks of positions, stays in zones that the device has worked out, and counts of a door; up to \
${SIGHTINGS_MAX} at once in at most ${SIGHTINGS_BYTES_MAX} bytes. A track is a body and nobody: its number means nothing \
elsewhere.

Keep each sighting until it is answered with \`accepted\`. Sending something twice, late or in another order does no \
harm: what was seen of a visitor is joined and never added up. A door's count is named by its sensor and its beginning; \
a second count under that name is not counted.

A long track is sent in parts while the person is still there. Each part but the first begins with the last sample of \
the part before.`,
  ...shared,
  requestBody: {
    required: true,
    description: 'Sightings of the store that the key belongs to.',
    content: json(media(refTo('Sightings'), 'sightings')),
  },
  responses: {
    202: {
      description: 'All sightings are accepted.',
      content: json(media(refTo('SightingsResponse'), 'sightingsAccepted')),
    },
    207: {
      description: 'Some sightings are accepted and some are refused; the answer says which.',
      content: json(media(refTo('SightingsResponse'), 'sightingsMixed')),
    },
    400: {
      description:
        'No sighting is accepted. `application/json` where each was refused for a fault of its own; problem details where the body as a whole cannot be read.',
      content: { ...json(media(refTo('SightingsResponse'))), ...problemDetails('invalidSightings') },
    },
    401: KEY_NEEDED,
    403: {
      description: 'Nothing is accepted, because the key is not for sightings.',
      content: problemDetails('keyNotForSightings'),
    },
    409: {
      description: 'The store of the key is not set up yet. Nothing is accepted.',
      content: problemDetails('storeNotSetUp'),
    },
    413: {
      description: `The body is larger than ${SIGHTINGS_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The body is not announced as JSON.', content: problemDetails('notJson') },
    429: {
      description:
        'Not everything could be taken now. Send again what is not accepted, after the time in Retry-After. From the gateway itself, nothing was taken.',
      headers: RETRY_AFTER,
      content: {
        'application/json': {
          schema: { anyOf: [refTo('SightingsResponse'), refTo('GatewayMessage')] },
        },
      },
    },
    500: SERVER_ERROR,
  },
};

export const sendFrame: Operation = {
  operationId: 'sendFrame',
  summary: "Send a camera's frame",
  description: `One JPEG of at most ${FRAME_BYTES_MAX} bytes, as the body itself. It is looked at once and never kept.

What may be done with the faces on it follows from the law of the place, the sign at the door and what the store wants; \
where faces are off, the frame is not looked at. Whoever may not be known is let go of before the answer is given.

The same picture of the same camera and moment is the same frame: sending it again enrols nobody twice.`,
  ...shared,
  parameters: parametersOf(FrameQuery),
  requestBody: {
    required: true,
    description: 'The picture.',
    content: { 'image/jpeg': { schema: { type: 'string', description: 'A JPEG.' } } },
  },
  responses: {
    202: {
      description: 'The frame was looked at; what became of each face.',
      content: json(media(refTo('FrameResponse'), 'frame')),
    },
    400: { description: 'The query cannot be read.', content: problemDetails('invalidQuery') },
    401: KEY_NEEDED,
    403: { description: 'The key is not for frames.', content: problemDetails('keyNotForFrames') },
    409: {
      description: 'Faces are off in the store, or it is not set up yet. The picture was not looked at.',
      content: problemDetails('facesOff', 'storeNotSetUp'),
    },
    413: {
      description: `The picture is larger than ${FRAME_BYTES_MAX} bytes.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The body is not announced as JPEG.', content: problemDetails('notJpeg') },
    422: {
      description: 'No picture that can be looked at, no such camera, or a time that cannot be.',
      content: problemDetails('notAPicture'),
    },
    429: {
      description: 'The frame could not be looked at now, and nothing of it was kept. Send it again.',
      headers: RETRY_AFTER,
      content: { ...problemDetails('busy'), ...fromGateway('Too Many Requests') },
    },
    500: SERVER_ERROR,
  },
};
