/** Receipts from a till to the log. */
import * as v from 'valibot';
import {
  type AppendPorts,
  appendAll,
  type BatchStatus,
  EVENT_BYTES_MAX,
  errorsPerItemMax,
  eventBytes,
  eventsOf,
  type PreparedEntry,
  summarise,
  toItemResults,
} from '#application/ingestion/batch-response.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { type FieldError, fieldErrorsOf, pointerOf, problem } from '#contracts/http/problems.ts';
import { ReceiptInput, type ReceiptsResponse } from '#contracts/http/receipts.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import { receiptOfRequest } from './receipt-of-request.ts';

export interface IngestReceiptsPorts extends AppendPorts {
  readonly nowMs: () => number;
}

/** What to send, and how the whole request is answered. */
export interface IngestedReceipts {
  readonly status: BatchStatus;
  readonly answer: ReceiptsResponse;
}

/** Takes 1 … 500 receipts of one store. */
export async function ingestReceipts(
  ports: IngestReceiptsPorts,
  store: Store,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<IngestedReceipts> {
  const faultsMax = errorsPerItemMax(bodies.length);
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const settled = bodies.map((body, index) => settle(body, index, store, source, ports.nowMs(), faultsMax));
  const receipts = toItemResults(settled, await appendAll(ports, store.storeId, eventsOf(settled)));
  const { status, counts } = summarise(receipts);
  return { status, answer: { ...counts, receipts } };
}

function settle(
  body: unknown,
  index: number,
  store: Store,
  source: string,
  nowMs: number,
  faultsMax: number,
): PreparedEntry<{ readonly id: string }> {
  const at = ['receipts', index];
  const invalid = (faults: readonly FieldError[]) => ({
    problem: problem(400, 'invalid-receipt', 'The receipt is not valid.', faults, faultsMax),
  });
  const parsed = v.safeParse(ReceiptInput, body);
  if (!parsed.success) return invalid(fieldErrorsOf(parsed.issues, at));
  if (parsed.output.store !== undefined && parsed.output.store !== store.storeId) {
    return {
      problem: problem(
        403,
        'store-mismatch',
        `The key is for store ${store.storeId}, not for this receipt's.`,
      ),
    };
  }
  const settled = receiptOfRequest(parsed.output, store, nowMs, at);
  if ('faults' in settled) return invalid(settled.faults);
  const event = receiptClosed(settled.receipt, source);
  const bytes = eventBytes(event);
  if (bytes !== undefined) return { accepted: { id: event.id }, events: [bytes] };
  return invalid([
    { pointer: pointerOf(at), detail: `must not be longer than ${EVENT_BYTES_MAX} bytes when written out` },
  ]);
}
