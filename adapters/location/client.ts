/**
 * The one way to talk to Amazon Location here.
 *
 * On AWS each part of the service has a host of its own, `tracking.geo.…`, `geofencing.geo.…`, and the client puts the name in
 * front of whatever endpoint it is given. An endpoint that is somewhere else has one host for all of them, and no name in front of
 * an address would lead anywhere.
 */
import { LocationClient, type LocationClientConfig } from '@aws-sdk/client-location';

/** Everything that is called here may be called twice, so the client itself tries again. */
const ATTEMPTS_MAX = 3;
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 1_000;

/** Where the SDKs look for an endpoint that nobody gave them. */
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
