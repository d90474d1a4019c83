/**
 * Failures of Rekognition calls: throttling, which a retry may fix; a missing resource, which is often acceptable; or
 * permanent ones.
 */

import { setTimeout as wait } from 'node:timers/promises';
import {
  ConflictException,
  InvalidParameterException,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
} from '@aws-sdk/client-rekognition';
import { FaceIndexBusy } from '#application/ports/face-index.ts';

const TRIES_MAX = 3;
const PAUSE_MS = 100;

/** Retries a call with exponential backoff while Rekognition throttles it or the user is being modified. */
export async function withRetry<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const failure = toThrottled(error, operation);
      if (!(failure instanceof FaceIndexBusy) || tries === TRIES_MAX) throw failure;
      await wait(PAUSE_MS * 2 ** tries);
    }
  }
}

export function toThrottled(error: unknown, operation: string): unknown {
  const isBusy =
    error instanceof ThrottlingException ||
    error instanceof ProvisionedThroughputExceededException ||
    error instanceof LimitExceededException ||
    error instanceof ConflictException;
  return isBusy ? new FaceIndexBusy(operation) : error;
}

/** Returns whether a resource is gone: a missing user is reported as not found, a missing face as an invalid parameter. */
export const isGone = (error: unknown): boolean =>
  (error instanceof ResourceNotFoundException && !/collection id/i.test(error.message)) ||
  (error instanceof InvalidParameterException && /face/i.test(error.message));

export async function ignoreNotFound<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
