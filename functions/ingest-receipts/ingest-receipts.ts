/** Appends a till's receipts to the event log. */
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
import { type ReceiptContext, receiptOfRequest } from '#application/ingestion/receipt-of-request.ts';
import type { Chain } from '#application/ports/chain-store.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { type FieldError, fieldErrorsOf, pointerOf, problem } from '#contracts/http/problems.ts';
import { ReceiptInput, type ReceiptsResponse } from '#contracts/http/receipts.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';

export interface IngestReceiptsPorts extends AppendPorts {
  readonly nowMs: () => number;
  /** Returns the chain: its country, by whose rules phone numbers are read, its price limit and its labels. */
  readonly chain: () => Promise<Pick<Chain, 'country' | 'priceLimit' | 'labels'> | undefined>;
}

interface AcceptedReceipt {
  readonly id: string;
  readonly warnings?: FieldError[];
}

export interface IngestedReceipts {
  readonly status: BatchStatus;
  readonly response: ReceiptsResponse;
}

/** Validates 1 … 500 receipts of one store and appends them to the event log. */
export async function ingestReceipts(
  ports: IngestReceiptsPorts,
  store: Store,
  deviceId: DeviceId,
  bodies: readonly unknown[],
): Promise<IngestedReceipts> {
  const errorsMax = errorsPerItemMax(bodies.length);
  const source = `/stores/${store.storeId}/devices/${deviceId}`;
  const chain = await ports.chain();
  const context = {
    store,
    country: chain?.country,
    priceLimit: chain?.priceLimit,
    labels: chain?.labels,
    nowMs: ports.nowMs(),
  };
  const prepared = bodies.map((body, index) => prepare(body, index, context, source, errorsMax));
  const receipts = toItemResults(prepared, await appendAll(ports, store.storeId, eventsOf(prepared)));
  const { status, counts } = summarise(receipts);
  return { status, response: { ...counts, receipts } };
}

function prepare(
  body: unknown,
  index: number,
  context: ReceiptContext,
  source: string,
  errorsMax: number,
): PreparedEntry<AcceptedReceipt> {
  const { store } = context;
  const at = ['receipts', index];
  const invalid = (errors: readonly FieldError[]) => ({
    problem: problem(400, 'invalid-receipt', 'The receipt is not valid.', errors, errorsMax),
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
  const converted = receiptOfRequest(parsed.output, context, at);
  if ('errors' in converted) return invalid(converted.errors);
  const event = receiptClosed(converted.receipt, source);
  const bytes = eventBytes(event);
  const warnings = converted.warnings.length === 0 ? {} : { warnings: [...converted.warnings] };
  if (bytes !== undefined) return { accepted: { id: event.id, ...warnings }, events: [bytes] };
  return invalid([
    { pointer: pointerOf(at), detail: `must not exceed ${EVENT_BYTES_MAX} bytes as an event` },
  ]);
}
