/**
 * The Rekognition client of all functions. It does not retry by itself: an IndexFaces that timed out may have created
 * vectors, and if its retry were rejected they would remain unknown. The face index retries the calls that are safe to repeat.
 */
import { RekognitionClient, type RekognitionClientConfig } from '@aws-sdk/client-rekognition';

const ATTEMPTS_MAX = 1;
/** The largest frame, with a hundred faces, takes the service two to three seconds. */
const REQUEST_TIMEOUT_MS = 4_000;
const CONNECTION_TIMEOUT_MS = 1_000;

export const rekognitionClient = (config: RekognitionClientConfig = {}): RekognitionClient =>
  new RekognitionClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...config,
  });
