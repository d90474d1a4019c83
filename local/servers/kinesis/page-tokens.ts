/** ListShards' tokens: what is left of a listing, good for five minutes. */
import { AwsError } from '../wire/aws-error.ts';
import type { Clock } from '../wire/clock.ts';
import { ITERATOR_LIFE_MS } from './limits.ts';
import { invalidArgument } from './refusals.ts';

export interface PageToken {
  readonly streamId: number;
  /** The index of the last shard that was listed. */
  readonly after: number;
  readonly issuedAtMs: number;
}

export function writePageToken({ streamId, after, issuedAtMs }: PageToken): string {
  return Buffer.from([streamId, after, issuedAtMs].join('/')).toString('base64');
}

export function readPageToken(clock: Clock, token: string): PageToken {
  const match = /^(\d+)\/(\d+)\/(\d+)$/.exec(Buffer.from(token, 'base64').toString('latin1'));
  if (match === null) throw invalidArgument('The NextToken is not valid.');
  const [streamId = 0, after = 0, issuedAtMs = 0] = match.slice(1).map(Number);
  if (clock.nowMs() - issuedAtMs > ITERATOR_LIFE_MS) {
    throw new AwsError(
      'ExpiredNextTokenException',
      `The NextToken is older than ${ITERATOR_LIFE_MS} milliseconds.`,
    );
  }
  return { streamId, after, issuedAtMs };
}
