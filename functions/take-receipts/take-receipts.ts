/**
 * Receipts from a till to the log. Each is answered on its own; "accepted" is said only of what the log holds, and a
 * till that got no answer sends the same again without harm.
 */
import * as v from 'valibot';
import { append, type Pauses } from '#adapters/kinesis/append.ts';
import type { EventLog } from '#adapters/kinesis/event-log.ts';
import { receiptClosed, receiptName } from '#contracts/events.ts';
import { faultsOfIssues, type Problem, problem } from '#contracts/problems.ts';
import { type ReceiptAnswer, ReceiptBody, type ReceiptsAnswer } from '#contracts/receipts.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Receipt } from '#domain/place/receipt.ts';
import { receiptOfBody } from './receipt-of-body.ts';

export interface TakeReceiptsPorts {
  readonly log: EventLog;
  readonly pauses: Pauses;
  readonly nowMs: () => number;
}

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
  const settled = bodies.map((body, index) => settle(body, index, store, ports.nowMs()));
  const sound = settled.flatMap((one) => ('receipt' in one ? [one.receipt] : []));
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const outcomes = await append(
    ports.log,
    sound.map((receipt) => ({
      key: store.storeId,
      bytes: Buffer.from(JSON.stringify(receiptClosed(receipt, source))),
    })),
    ports.pauses,
  );

  let place = 0;
  const receipts = settled.map((one, index): ReceiptAnswer => {
    if ('problem' in one) return { status: 'refused', index, problem: one.problem };
    if (outcomes[place++]?.kind === 'durable')
      return { status: 'accepted', index, id: receiptName(one.receipt) };
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

function settle(
  body: unknown,
  index: number,
  store: Store,
  nowMs: number,
): { readonly receipt: Receipt } | { readonly problem: Problem } {
  const at = ['receipts', index];
  const parsed = v.safeParse(ReceiptBody, body);
  if (!parsed.success) {
    return {
      problem: problem(
        400,
        'invalid-receipt',
        'The receipt is not valid.',
        faultsOfIssues(parsed.issues, at),
      ),
    };
  }
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
  if ('receipt' in settled) return settled;
  return { problem: problem(400, 'invalid-receipt', 'The receipt is not valid.', settled.faults) };
}

function statusOf({ accepted, notTaken, receipts }: ReceiptsAnswer): Taken['status'] {
  if (notTaken > 0) return 429;
  if (accepted === receipts.length) return 202;
  if (accepted > 0) return 207;
  const isForeign = receipts.every((one) => one.status === 'refused' && one.problem.status === 403);
  return isForeign ? 403 : 400;
}
