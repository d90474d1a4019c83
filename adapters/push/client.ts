/**
 * The one way to talk to the push service here. The client tries nothing again by itself: a Publish that timed out may have
 * reached the phone, and its second try would buzz in somebody's pocket twice. What may be repeated is repeated by the caller.
 */
import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';

const ATTEMPTS_MAX = 1;
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 1_000;

export const snsClient = (config: SNSClientConfig = {}): SNSClient =>
  new SNSClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...config,
  });
