/**
 * The SNS client of all functions. It does not retry by itself: a Publish that timed out may have reached the phone, and a
 * retry would notify the customer twice. The caller retries the operations that are safe to repeat.
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
