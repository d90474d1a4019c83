/**
 * Receipts from a till to the log. Each is answered on its own; "accepted" is said only of what the log holds, and a
 * till that got no answer sends the same again without harm.
 */
import * as v from 'valibot';
import { append, type Pauses } from '#adapters/kinesis/append.ts';
import type { EventLog } from '#adapters/kinesis/event-log.ts';
import { receiptClosed } from '#contracts/events.ts';
import {
  FAULTS_MAX,
  type Fault,
  faultsOfIssues,
  type Problem,
  pointerOf,
  problem,
} from '#contracts/problems.ts';
import { type ReceiptAnswer, ReceiptBody, type ReceiptsAnswer } from '#contracts/receipts.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { receiptOfBody } from './receipt-of-body.ts';

export interface TakeReceiptsPorts {
  readonly log: EventLog;
  readonly pauses: Pauses;
  readonly nowMs: () => number;
}

/**
 * A fact is one row, a row holds 400 kB, and the event is kept as text: a receipt beyond this would be accepted and then
 * counted by nobody. A thousand lines of the usual length are a third of it.
 */
export const EVENT_BYTES_MAX = 350_000;

/** Over all receipts of a request: a function's answer may have 6 MB, and 500 receipts of 100 faults each have more. */
const FAULTS_TOLD_MAX = 2_500;

/** What to send, and how the whole request is answered. */
export interface Taken {
  /** 202 all durable; 207 some; 400 or 403 none, through the sender's doing; 429 where the log did not take all. */
  readonly status: 202 | 207 | 400 | 403 | 429;
  readonly answer: ReceiptsAnswer;
}

/** Takes 1 … 500 receipts of one store. */
export async function takeReceipts(
  ports: TakeReceiptsPorts,
  store: Store,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<Taken> {
  const faultsMax = Math.min(FAULTS_MAX, Math.floor(FAULTS_TOLD_MAX / bodies.length));
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const settled = bodies.map((body, index) => settle(body, index, store, source, ports.nowMs(), faultsMax));
  const sound = settled.flatMap((one) => ('bytes' in one ? [{ key: store.storeId, bytes: one.bytes }] : []));
  const outcomes = await append(ports.log, sound, ports.pauses);

  let place = 0;
  const receipts = settled.map((one, index): ReceiptAnswer => {
    if ('problem' in one) return { status: 'refused', index, problem: one.problem };
    if (outcomes[place++]?.kind === 'durable') return { status: 'accepted', index, id: one.id };
    return {
      status: 'not taken',
      index,
      problem: problem(429, 'log-crowded', 'The log could not take it now; send it again later.'),
    };
  });
  const count = (status: ReceiptAnswer['status']): number =>
    receipts.filter((one) => one.status === status).length;
  const answer = {
    accepted: count('accepted'),
    refused: count('refused'),
    notTaken: count('not taken'),
    receipts,
  };
  return { status: statusOf(answer), answer };
}

/** A receipt as the log is to hold it, or what is wrong with it. */
type Settled = { readonly id: string; readonly bytes: Uint8Array } | { readonly problem: Problem };

function settle(
  body: unknown,
  index: number,
  store: Store,
  source: string,
  nowMs: number,
  faultsMax: number,
): Settled {
  const at = ['receipts', index];
  const invalid = (faults: readonly Fault[]): Settled => ({
    problem: problem(400, 'invalid-receipt', 'The receipt is not valid.', faults, faultsMax),
  });
  const parsed = v.safeParse(ReceiptBody, body);
  if (!parsed.success) return invalid(faultsOfIssues(parsed.issues, at));
  if (parsed.output.store !== undefined && parsed.output.store !== store.storeId) {
    return {
      problem: problem(
        403,
        'another-store',
        `The key is for store ${store.storeId}, not for this receipt's.`,
      ),
    };
  }
  const settled = receiptOfBody(parsed.output, store, nowMs, at);
  if ('faults' in settled) return invalid(settled.faults);
  const event = receiptClosed(settled.receipt, source);
  const bytes = Buffer.from(JSON.stringify(event));
  if (bytes.byteLength > EVENT_BYTES_MAX) {
    return invalid([
      { pointer: pointerOf(at), detail: `must not be longer than ${EVENT_BYTES_MAX} bytes when written out` },
    ]);
  }
  return { id: event.id, bytes };
}

function statusOf({ accepted, notTaken, receipts }: ReceiptsAnswer): Taken['status'] {
  if (notTaken > 0) return 429;
  if (accepted === receipts.length) return 202;
  if (accepted > 0) return 207;
  const isForeign = receipts.every((one) => one.status === 'refused' && one.problem.status === 403);
  return isForeign ? 403 : 400;
}
