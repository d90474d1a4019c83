/**
 * A pool of face engines in worker threads, behind a bounded queue.
 *
 * A picture takes tens of milliseconds of a core. On a server's event loop it would delay every other
 * request, and an unbounded queue would hold every waiting picture in memory. So the event loop only
 * dispatches, and beyond `waitingMax` a picture is rejected at once, which the caller maps to 429 or a
 * throttling error.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidPictureError } from '../picture/decode.ts';
import type { Analysis, AnalysisOptions } from './analyse-picture.ts';
import type { Task, WorkerMessage } from './face-worker.ts';

export interface FacePool {
  /** As in `FaceEngine`. */
  readonly modelId: string;
  /** Dimensions of a vector. */
  readonly vectorLength: number;
  /**
   * Returns the faces of a JPEG or PNG.
   *
   * @throws InvalidPictureError where the bytes are not a picture within the limits.
   * @throws FacePoolFullError where the queue is full.
   */
  analyse(bytes: Uint8Array, options?: AnalysisOptions): Promise<Analysis>;
  /** Completes the pictures in progress, rejects the queued ones and ends the threads. */
  close(): Promise<void>;
}

/** The queue of a pool is full. */
export class FacePoolFullError extends Error {
  override readonly name = 'FacePoolFullError';
}

/** Each worker has its own copy of the nets, so the number is bounded on machines with many cores. */
const WORKERS_MAX = 4;
const WAITING_MAX = 32;

interface Job {
  readonly task: Task;
  resolve(analysis: Analysis): void;
  reject(error: unknown): void;
}

interface Ready {
  readonly modelId: string;
  readonly vectorLength: number;
}

/**
 * Starts the workers and returns the pool once all of them are ready.
 *
 * @param options `workers`: threads, default one a core but at most 4; `waitingMax`: queued pictures, default
 *   32.
 * @throws Error where an engine cannot start; no thread is left running then.
 */
export async function createFacePool(
  options: { readonly workers?: number; readonly waitingMax?: number } = {},
): Promise<FacePool> {
  const { workers = Math.min(availableParallelism(), WORKERS_MAX), waitingMax = WAITING_MAX } = options;
  const queue: Job[] = [];
  let isClosed = false;
  const pool = Array.from({ length: workers }, () => new PoolWorker(() => queue.shift()));
  try {
    const [{ modelId, vectorLength } = { modelId: '', vectorLength: 0 }] = await Promise.all(
      pool.map((worker) => worker.start()),
    );
    return {
      modelId,
      vectorLength,
      analyse(bytes, analysisOptions = {}) {
        if (isClosed) return Promise.reject(new Error('the face pool is closed'));
        const idle = pool.find((worker) => worker.isIdle);
        if (idle === undefined && queue.length >= waitingMax)
          return Promise.reject(new FacePoolFullError(`${queue.length} pictures are queued`));
        return new Promise((resolve, reject) => {
          const job = { task: { bytes, options: analysisOptions }, resolve, reject };
          if (idle === undefined) queue.push(job);
          else idle.run(job);
        });
      },
      async close() {
        isClosed = true;
        for (const job of queue.splice(0)) job.reject(new Error('the face pool is closed'));
        await Promise.all(pool.map((worker) => worker.stop()));
      },
    };
  } catch (error) {
    await Promise.all(pool.map((worker) => worker.stop()));
    throw error;
  }
}

/** One worker thread and its current job. A thread that crashes fails its job and is replaced. */
class PoolWorker {
  readonly #nextJob: () => Job | undefined;
  #worker: Worker | undefined;
  #job: Job | undefined;
  #isReady = false;
  #jobDone = Promise.withResolvers<void>();

  constructor(nextJob: () => Job | undefined) {
    this.#nextJob = nextJob;
  }

  get isIdle(): boolean {
    return this.#isReady && this.#job === undefined;
  }

  start(): Promise<Ready> {
    const started = Promise.withResolvers<Ready>();
    const worker = new Worker(new URL('face-worker.ts', import.meta.url));
    this.#worker = worker;
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        this.#isReady = true;
        started.resolve(message);
      } else this.#settle(message);
      this.#runNext();
    });
    worker.on('error', (error) => {
      const wasReady = this.#isReady;
      this.#isReady = false;
      this.#worker = undefined;
      started.reject(error);
      this.#settle({ kind: 'failed', error });
      // A thread that crashes during its start would crash again.
      if (wasReady) this.start().catch(() => undefined);
    });
    return started.promise;
  }

  run(job: Job): void {
    this.#job = job;
    // A view would be posted with its whole buffer; a copy of its own is transferred without another copy.
    const bytes = new Uint8Array(job.task.bytes);
    this.#worker?.postMessage({ ...job.task, bytes }, [bytes.buffer]);
  }

  async stop(): Promise<void> {
    if (this.#job !== undefined) await this.#jobDone.promise;
    this.#isReady = false;
    await this.#worker?.terminate();
  }

  #runNext(): void {
    if (!this.isIdle) return;
    const job = this.#nextJob();
    if (job !== undefined) this.run(job);
  }

  #settle(message: Exclude<WorkerMessage, { kind: 'ready' }>): void {
    const job = this.#job;
    this.#job = undefined;
    this.#jobDone.resolve();
    this.#jobDone = Promise.withResolvers();
    if (message.kind === 'analysed') job?.resolve(message.analysis);
    else if (message.kind === 'invalid')
      job?.reject(new InvalidPictureError(message.reason, message.message));
    else job?.reject(message.error);
  }
}
