/**
 * A CSV of receipts into a chain: reads, gathers, sends several requests at once, and books what was answered. The server counts a
 * receipt once however often it comes, so whatever is in doubt is simply sent again.
 */

import { type Batch, createBatches } from './batches.ts';
import type { Checkpoints } from './checkpoint.ts';
import type { Group } from './grouping.ts';
import { NO_PROGRESS, type Progress } from './import-state.ts';
import { createLedger, type Entry, type Ledger } from './ledger.ts';
import type { Sender } from './sender.ts';
import type { SourceFiles } from './source-files.ts';
import { RowFault } from './values.ts';

export interface ImportPorts {
  readonly files: SourceFiles;
  readonly checkpoints: Checkpoints;
  /** Aborted to give up early, by the person or because nothing can be sent any more. */
  readonly stop: AbortSignal;
  /** Makes the sender; it ends early when its signal is aborted. */
  readonly senderWith: (stop: AbortSignal) => Sender;
  /** Writes a line of the file of rejects; its length in bytes. */
  readonly reject: (line: string) => number;
  readonly nowMs: () => number;
  readonly requestsMax: number;
  /** Told of what is booked, now and then. */
  readonly onProgress: (progress: Progress) => void;
}

/** What is read ahead of the oldest answer, a bound on memory: some fifty megabytes. */
const WAITING_ROWS_MAX = 100_000;
/** After the bound was met, this many may wait before more is gathered, or batches would be cut ever smaller. */
const WAITING_ROWS_LOW = WAITING_ROWS_MAX / 2;
/** A receipt of a store that sells little is not gathered for longer than this, or the checkpoint would stand still. */
const GATHERED_ROWS_MAX = 50_000;
const SAVED_EVERY_MS = 1_000;

/** Imports until the end of the file, or until it is stopped; what was booked in all runs together. */
export async function importReceipts(
  ports: ImportPorts,
  begun: Progress = NO_PROGRESS,
): Promise<{ readonly isComplete: boolean; readonly progress: Progress }> {
  const { files, checkpoints, nowMs, requestsMax } = ports;
  const ledger = createLedger(begun, ports.reject);
  const batches = createBatches();
  const halt = new AbortController();
  const stop = AbortSignal.any([ports.stop, halt.signal]);
  const sender = ports.senderWith(stop);
  const running = new Set<Promise<void>>();
  let failure: unknown;
  let savedAtMs = nowMs();

  function booked(): void {
    if (nowMs() - savedAtMs < SAVED_EVERY_MS) return;
    savedAtMs = nowMs();
    checkpoints.save(ledger.progress());
    ports.onProgress(ledger.progress());
  }

  async function send(batch: Batch): Promise<void> {
    while (running.size >= requestsMax) await Promise.race(running);
    if (stop.aborted) return;
    const task = sender
      .send(batch, ({ entry }, outcome) => {
        ledger.settle(entry, outcome);
        booked();
      })
      .catch((error: unknown) => {
        failure ??= error;
        halt.abort();
      })
      .finally(() => running.delete(task));
    running.add(task);
  }

  let held = 0;
  let flushedAtRow = begun.rowsDone;
  for await (const group of files.groups(await files.scattered(), begun.rowsDone)) {
    if (stop.aborted) break;
    // Held receipts come in the same order every time, so those that were booked before are the first ones.
    if (group.isHeld && held++ < begun.heldDone) continue;
    const text = written(files, ledger, group);
    if (text === undefined) continue;
    const full = batches.add(text);
    if (full !== undefined) await send(full);
    if (group.lastRow - flushedAtRow > GATHERED_ROWS_MAX) {
      flushedAtRow = group.lastRow;
      for (const batch of batches.flushBefore(group.lastRow - GATHERED_ROWS_MAX)) await send(batch);
    }
    if (ledger.waitingRows() < WAITING_ROWS_MAX) continue;
    for (const batch of batches.flush()) await send(batch);
    while (ledger.waitingRows() > WAITING_ROWS_LOW && running.size > 0) await Promise.race(running);
  }
  for (const batch of batches.flush()) await send(batch);
  await Promise.all(running);

  const progress = ledger.progress();
  const isComplete = failure === undefined && !stop.aborted && ledger.waitingRows() === 0;
  if (isComplete) checkpoints.remove();
  else checkpoints.save(progress);
  ports.onProgress(progress);
  if (failure !== undefined) throw failure;
  return { isComplete, progress };
}

/** The receipt of a group as it is sent; undefined where there is none, or none that can be read. */
function written(
  { recipe }: SourceFiles,
  ledger: Ledger,
  group: Group,
): { entry: Entry; text: string } | undefined {
  if (group.rows.length === 0) {
    ledger.settle(ledger.open(group), { kind: 'none' });
    return undefined;
  }
  try {
    const { body, ...about } = recipe.receiptOf(group.rows);
    return { entry: ledger.open(group, about), text: JSON.stringify(body) };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    const about = recipe.nameOf(group.rows[0]?.cells ?? []);
    ledger.settle(ledger.open(group, about), { kind: 'refused', reason: error.message });
    return undefined;
  }
}
