/** Receipts from a till to the log. */
import * as v from 'valibot';
import { receiptClosed } from '#contracts/events.ts';
import { type Fault, faultsOfIssues, pointerOf, problem } from '#contracts/problems.ts';
import { ReceiptBody, type ReceiptsAnswer } from '#contracts/receipts.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import {
  answersOf,
  bytesOf,
  counted,
  durable,
  type EntriesStatus,
  type EntryPorts,
  EVENT_BYTES_MAX,
  eventsOf,
  faultsMaxOf,
  type Settled,
} from '../entries.ts';
import { receiptOfBody } from './receipt-of-body.ts';

export interface TakeReceiptsPorts extends EntryPorts {
  readonly nowMs: () => number;
}

/** What to send, and how the whole request is answered. */
export interface Taken {
  readonly status: EntriesStatus;
  readonly answer: ReceiptsAnswer;
}

/** Takes 1 … 500 receipts of one store. */
export async function takeReceipts(
  ports: TakeReceiptsPorts,
  store: Store,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<Taken> {
  const faultsMax = faultsMaxOf(bodies.length);
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const settled = bodies.map((body, index) => settle(body, index, store, source, ports.nowMs(), faultsMax));
  const receipts = answersOf(settled, await durable(ports, store.storeId, eventsOf(settled)));
  const { status, counts } = counted(receipts);
  return { status, answer: { ...counts, receipts } };
}

function settle(
  body: unknown,
  index: number,
  store: Store,
  source: string,
  nowMs: number,
  faultsMax: number,
): Settled<{ readonly id: string }> {
  const at = ['receipts', index];
  const invalid = (faults: readonly Fault[]) => ({
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
  const bytes = bytesOf(event);
  if (bytes !== undefined) return { accepted: { id: event.id }, events: [bytes] };
  return invalid([
    { pointer: pointerOf(at), detail: `must not be longer than ${EVENT_BYTES_MAX} bytes when written out` },
  ]);
}
