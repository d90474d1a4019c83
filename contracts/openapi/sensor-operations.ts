/** The operations for cameras and sensors. */
import { FRAME_BYTES_MAX, FrameQuery } from '../http/frames.ts';
import { SIGHTINGS_BYTES_MAX, SIGHTINGS_MAX } from '../http/sightings.ts';
import {
  fromGateway,
  json,
  KEY_NEEDED,
  media,
  type Operation,
  parametersOf,
  problemDetails,
  RETRY_AFTER,
  SERVER_ERROR,
} from './parts.ts';
import { refTo } from './schemas.ts';

const shared = { tags: ['Sensors'], security: [{ deviceKey: [] }] };

export const ingestSightings: Operation = {
  operationId: 'ingestSightings',
  summary: 'Ingest sightings of sensors',
  description: `Tracks of positions, stays in zones that the device computed, and counts at a door; up to ${SIGHTINGS_MAX} at once in at \
most ${SIGHTINGS_BYTES_MAX} bytes. A track is anonymous: its number means nothing to another sensor.

Keep each sighting until its status is \`accepted\`. Sending it twice, late or out of order does no harm: sightings of a \
visitor are joined and never summed. The id of a count at a door is its sensor and its beginning; a second count with that id \
is not counted.

Send a long track in parts while the person is still there. Each part but the first begins with the last sample of the part \
before.`,
  ...shared,
  requestBody: {
    required: true,
    description: 'Sightings of the store of the key.',
    content: json(media(refTo('Sightings'), 'sightings')),
  },
  responses: {
    202: {
      description: 'All sightings are accepted.',
      content: json(media(refTo('SightingsResponse'), 'sightingsAccepted')),
    },
    207: {
      description: 'Some sightings are accepted and some are refused, as listed.',
      content: json(media(refTo('SightingsResponse'), 'sightingsMixed')),
    },
    400: {
      description:
        'No sighting is accepted. `application/json` if each has errors of its own; problem details if the body as a whole is not valid.',
      content: { ...json(media(refTo('SightingsResponse'))), ...problemDetails('invalidSightings') },
    },
    401: KEY_NEEDED,
    403: {
      description: 'Nothing is accepted: the key is not for sightings.',
      content: problemDetails('keyNotForSightings'),
    },
    409: {
      description: 'The store of the key is not configured. Nothing is accepted.',
      content: problemDetails('storeNotSetUp'),
    },
    413: {
      description: `The body is larger than ${SIGHTINGS_BYTES_MAX} bytes. Send it in parts.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The content type is not JSON.', content: problemDetails('notJson') },
    429: {
      description:
        'The stream is throttled. Send the sightings that are not accepted again after Retry-After. A response of the gateway itself accepts nothing.',
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
  summary: 'Recognise the faces of a frame',
  description: `One JPEG of at most ${FRAME_BYTES_MAX} bytes as the body. It is processed once and never stored.

The law of the place, the posted sign and the settings of the store decide about the faces; with faces off, the frame is \
discarded. Vectors of faces that may not be stored are deleted before the response.

The same picture of the same camera and time is the same frame: sending it again enrols no face twice.`,
  ...shared,
  parameters: parametersOf(FrameQuery),
  requestBody: {
    required: true,
    description: 'The picture.',
    content: { 'image/jpeg': { schema: { type: 'string', description: 'A JPEG.' } } },
  },
  responses: {
    202: {
      description: 'The outcome of each face.',
      content: json(media(refTo('FrameResponse'), 'frame')),
    },
    400: { description: 'The query is not valid.', content: problemDetails('invalidQuery') },
    401: KEY_NEEDED,
    403: { description: 'The key is not for frames.', content: problemDetails('keyNotForFrames') },
    409: {
      description:
        'Faces are off in the store; its law bars pictures from this cloud, or from a camera without a lane for people who have agreed; or the store is not configured. The picture was discarded. The detail names the articles and is no legal advice.',
      content: problemDetails('facesOff', 'picturesBarred', 'storeNotSetUp'),
    },
    413: {
      description: `The picture is larger than ${FRAME_BYTES_MAX} bytes.`,
      content: problemDetails('tooLarge'),
    },
    415: { description: 'The content type is not JPEG.', content: problemDetails('notJpeg') },
    422: {
      description: 'The picture cannot be decoded, the camera does not exist, or the time is out of range.',
      content: problemDetails('notAPicture'),
    },
    429: {
      description: 'The frame could not be processed now and was discarded. Send it again.',
      headers: RETRY_AFTER,
      content: { ...problemDetails('busy'), ...fromGateway('Too Many Requests') },
    },
    500: SERVER_ERROR,
  },
};
