/**
 * Sends items to Amazon Location in batches of ten, its limit. It may reject some of the ten: permanently, or because of
 * throttling.
 *
 * Throttled items are sent again a little later. If that fails, too, the later batches are not sent: the positions of a
 * phone are ordered, and a later one that overtook an earlier one would make the earlier one useless.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { type BatchItemError, InternalServerException, ThrottlingException } from '@aws-sdk/client-location';
import type { NotAccepted } from '#application/ports/not-accepted.ts';

/** The error of one item in a batch response. */
export interface ItemError<Item> {
  readonly isOf: (item: Item) => boolean;
  readonly error: BatchItemError | undefined;
}

export interface BatchTries {
  readonly triesMax: number;
  readonly pauseMs: number;
}

const TRIES: BatchTries = { triesMax: 3, pauseMs: 100 };

/** Sends all items in order and returns those that were not accepted, in order. Throws errors of a whole call. */
export async function sendInBatches<Item>(
  items: readonly Item[],
  sizeMax: number,
  send: (batch: readonly Item[]) => Promise<readonly ItemError<Item>[]>,
  { triesMax, pauseMs }: BatchTries = TRIES,
): Promise<NotAccepted[]> {
  const notTaken: NotAccepted[] = [];
  for (let start = 0; start < items.length; start += sizeMax) {
    let open = items.slice(start, start + sizeMax).map((item, place) => ({ item, index: start + place }));
    let busyReason = '';
    for (let tries = 1; open.length > 0 && tries <= triesMax; tries++) {
      if (tries > 1) await wait(pauseMs * 2 ** (tries - 2));
      const answer = await sendUnlessBusy(open, send);
      if (answer.kind === 'busy') {
        // The client has already retried the call several times.
        busyReason = answer.reason;
        break;
      }
      const refused = open.flatMap(({ item, index }) => {
        const found = answer.errors.find(({ isOf }) => isOf(item));
        return found === undefined ? [] : [{ item, index, ...verdictOf(found.error) }];
      });
      notTaken.push(
        ...refused.flatMap(({ index, isFinal, reason }) => (isFinal ? [{ index, isFinal, reason }] : [])),
      );
      open = refused.filter(({ isFinal }) => !isFinal);
      busyReason = refused.find(({ isFinal }) => !isFinal)?.reason ?? '';
    }
    if (open.length === 0) continue;
    const rest = items.slice(start + sizeMax).map((_, place) => start + sizeMax + place);
    for (const index of [...open.map((one) => one.index), ...rest]) {
      notTaken.push({ index, isFinal: false, reason: busyReason });
    }
    break;
  }
  return notTaken.sort((a, b) => a.index - b.index);
}

type Answer<Item> =
  | { readonly kind: 'answered'; readonly errors: readonly ItemError<Item>[] }
  | { readonly kind: 'busy'; readonly reason: string };

async function sendUnlessBusy<Item>(
  open: readonly { readonly item: Item }[],
  send: (batch: readonly Item[]) => Promise<readonly ItemError<Item>[]>,
): Promise<Answer<Item>> {
  try {
    return { kind: 'answered', errors: await send(open.map(({ item }) => item)) };
  } catch (error) {
    const isBusy = error instanceof ThrottlingException || error instanceof InternalServerException;
    if (isBusy) return { kind: 'busy', reason: error.name };
    throw error;
  }
}

function verdictOf(error: BatchItemError | undefined): Pick<NotAccepted, 'isFinal' | 'reason'> {
  const isBusy = error?.Code === 'ThrottlingError' || error?.Code === 'InternalServerError';
  return { isFinal: !isBusy, reason: error?.Message ?? error?.Code ?? 'no reason given' };
}
