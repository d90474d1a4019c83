/**
 * Imports a CSV of receipts: reads, batches, sends several requests concurrently and records the responses. The server
 * counts a receipt once however often it arrives, so a receipt without a response is sent again.
 */

import { type Batch, createBatches, type PendingReceipt } from './batches.ts';
import type { Checkpoints } from './checkpoint.ts';
import type { Group } from './grouping.ts';
import { EMPTY_IMPORT, type ImportState } from './import-state.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Sender } from './sender.ts';
import type { SourceFiles } from './source-files.ts';
import { RowError } from './values.ts';

export interface ImportPorts {
  readonly files: SourceFiles;
  readonly checkpoints: Checkpoints;
  /** Aborted to stop the import early. */
  readonly stop: AbortSignal;
  /** Creates the sender, which stops early when its signal is aborted. */
  readonly senderWith: (stop: AbortSignal) => Sender;
  /** Writes a line of the rejects file and returns its length in bytes. */
  readonly reject: (line: string) => number;
  readonly nowMs: () => number;
  readonly requestsMax: number;
  /** Called with each receipt that the API has accepted. */
  readonly onAccepted?: (receipt: PendingReceipt) => void;
  /** Called with the number of rows of the file, once they are counted. */
  readonly onRows?: (rows: number) => void;
  /** Called with the state about once a second, and at the end. */
  readonly onState: (state: ImportState) => void;
}

/** Rows read ahead of the oldest response; bounds memory to some fifty megabytes. */
const WAITING_ROWS_MAX = 100_000;
/** Once the bound is reached, reading resumes at this level; resuming right below the bound would send ever smaller batches. */
const WAITING_ROWS_LOW = WAITING_ROWS_MAX / 2;
/** A batch of a store with few receipts is sent after this many rows; otherwise it would block the checkpoint. */
const BATCHED_ROWS_MAX = 50_000;
const SAVED_EVERY_MS = 1_000;

/**
 * Imports until the end of the file, or until it is stopped.
 *
 * @param previous state of the earlier run to resume
 * @returns the state over all runs
 * @throws UserError where the server rejects a store's key, or stays unreachable for longer than the sender waits
 */
export async function importReceipts(
  ports: ImportPorts,
  previous: ImportState = EMPTY_IMPORT,
): Promise<{ readonly isComplete: boolean; readonly state: ImportState }> {
  const { files, checkpoints, nowMs, requestsMax } = ports;
  const ledger = createLedger(previous, ports.reject);
  const batches = createBatches();
  const halt = new AbortController();
  const stop = AbortSignal.any([ports.stop, halt.signal]);
  const sender = ports.senderWith(stop);
  const running = new Set<Promise<void>>();
  let failure: unknown;
  let savedAtMs = nowMs();

  function saveIfDue(): void {
    if (nowMs() - savedAtMs < SAVED_EVERY_MS) return;
    savedAtMs = nowMs();
    checkpoints.save(ledger.state());
    ports.onState(ledger.state());
  }

  async function send(batch: Batch): Promise<void> {
    while (running.size >= requestsMax) await Promise.race(running);
    if (stop.aborted) return;
    const task = sender
      .send(batch, (receipt, outcome) => {
        ledger.record(receipt.entry, outcome);
        if (outcome.kind === 'accepted') ports.onAccepted?.(receipt);
        saveIfDue();
      })
      .catch((error: unknown) => {
        failure ??= error;
        halt.abort();
      })
      .finally(() => running.delete(task));
    running.add(task);
  }

  let held = 0;
  let flushedAtRow = previous.rowsDone;
  const survey = await files.survey();
  ports.onRows?.(survey.rows);
  for await (const group of files.groups(survey, previous.rowsDone)) {
    if (stop.aborted) break;
    // Held receipts have the same order in every run, so the ones recorded earlier come first.
    if (group.isHeld && held++ < previous.heldReceiptsDone) continue;
    const receipt = receiptOf(files, ledger, group);
    if (receipt === undefined) continue;
    const full = batches.add(receipt);
    if (full !== undefined) await send(full);
    if (group.lastRow - flushedAtRow > BATCHED_ROWS_MAX) {
      flushedAtRow = group.lastRow;
      for (const batch of batches.flushBefore(group.lastRow - BATCHED_ROWS_MAX)) await send(batch);
    }
    if (ledger.waitingRows() < WAITING_ROWS_MAX) continue;
    for (const batch of batches.flush()) await send(batch);
    while (ledger.waitingRows() > WAITING_ROWS_LOW && running.size > 0) await Promise.race(running);
  }
  for (const batch of batches.flush()) await send(batch);
  await Promise.all(running);

  const state = ledger.state();
  const isComplete = failure === undefined && !stop.aborted && ledger.waitingRows() === 0;
  if (isComplete) checkpoints.remove();
  else checkpoints.save(state);
  ports.onState(state);
  if (failure !== undefined) throw failure;
  return { isComplete, state };
}

/** Returns the receipt of a group, ready to send; undefined, and recorded in the ledger, where there is none or it is invalid. */
function receiptOf({ mapper }: SourceFiles, ledger: Ledger, group: Group): PendingReceipt | undefined {
  if (group.rows.length === 0) {
    ledger.record(ledger.open(group), { kind: 'none' });
    return undefined;
  }
  try {
    if (group.refusal !== undefined) throw new RowError(group.refusal);
    const { body, ...about } = mapper.receiptOf(group.rows);
    return { entry: ledger.open(group, about), json: JSON.stringify(body) };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const about = mapper.idsOf(group.rows[0]?.cells ?? []);
    ledger.record(ledger.open(group, about), { kind: 'refused', reason: error.message });
    return undefined;
  }
}
