/**
 * The Amazon Location client of all functions.
 *
 * On AWS each part of the service has its own host, `tracking.geo.…`, `geofencing.geo.…`, and the client prefixes the
 * configured endpoint with it. A local endpoint has one host for all of them, and an IP address cannot have a prefix.
 */
import { LocationClient, type LocationClientConfig } from '@aws-sdk/client-location';

/** Every operation used here is idempotent, so the client itself retries. */
const ATTEMPTS_MAX = 3;
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 1_000;

/** Environment variables of a configured endpoint, as the SDKs read them. */
const ENDPOINT_NAMES = ['AWS_ENDPOINT_URL_LOCATION', 'AWS_ENDPOINT_URL'] as const;

export function locationClient(config: LocationClientConfig = {}): LocationClient {
  const isElsewhere =
    config.endpoint !== undefined || ENDPOINT_NAMES.some((name) => (process.env[name] ?? '') !== '');
  return new LocationClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    disableHostPrefix: isElsewhere,
    ...config,
  });
}
