/**
 * How calls to Rekognition fail: for want of room, which another try may mend; because what they name is gone, which is
 * often just as well; or for good.
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

/** A call that is made again, after a pause, while the service has no room for it or its user no quiet. */
export async function withRetry<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const told = toThrottled(error, operation);
      if (!(told instanceof FaceIndexBusy) || tries === TRIES_MAX) throw told;
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

/** A user that is gone is told as not found; a face that is gone, as a parameter that is not valid. */
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
