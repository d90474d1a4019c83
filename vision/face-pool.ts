/**
 * Face engines in worker threads, behind a queue that ends.
 *
 * A picture takes tens of milliseconds of a core. On the event loop of a server it would hold up every other
 * request, and a queue without an end would hold every waiting picture in memory. So the loop only hands over,
 * and past `waitingMax` a picture is refused at once, which the caller turns into 429 or a throttling error.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Analysis, AnalysisOptions } from './analysis.ts';
import type { Answer, Task } from './face-worker.ts';
import { PictureRefused } from './picture.ts';

export interface FacePool {
  readonly modelId: string;
  readonly vectorLength: number;
  /**
   * @throws PictureRefused where the bytes are no picture to work on.
   * @throws FacePoolFull where too many wait already.
   */
  analyse(bytes: Uint8Array, options?: AnalysisOptions): Promise<Analysis>;
  /** Those at work are waited for; those waiting are refused. */
  close(): Promise<void>;
}

export class FacePoolFull extends Error {
  override readonly name = 'FacePoolFull';
}

/** Each worker holds its own nets, so a machine of many cores is not filled with them. */
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

export async function createFacePool(
  options: { readonly workers?: number; readonly waitingMax?: number } = {},
): Promise<FacePool> {
  const { workers = Math.min(availableParallelism(), WORKERS_MAX), waitingMax = WAITING_MAX } = options;
  const waiting: Job[] = [];
  let isClosed = false;
  const crew = Array.from({ length: workers }, () => new Hand(() => waiting.shift()));
  try {
    const [{ modelId, vectorLength } = { modelId: '', vectorLength: 0 }] = await Promise.all(
      crew.map((hand) => hand.start()),
    );
    return {
      modelId,
      vectorLength,
      analyse(bytes, analysisOptions = {}) {
        if (isClosed) return Promise.reject(new Error('the face pool is closed'));
        const idle = crew.find((hand) => hand.isIdle);
        if (idle === undefined && waiting.length >= waitingMax)
          return Promise.reject(new FacePoolFull(`${waiting.length} pictures wait already`));
        return new Promise((resolve, reject) => {
          const job = { task: { bytes, options: analysisOptions }, resolve, reject };
          if (idle === undefined) waiting.push(job);
          else idle.take(job);
        });
      },
      async close() {
        isClosed = true;
        for (const job of waiting.splice(0)) job.reject(new Error('the face pool is closed'));
        await Promise.all(crew.map((hand) => hand.stop()));
      },
    };
  } catch (error) {
    await Promise.all(crew.map((hand) => hand.stop()));
    throw error;
  }
}

/** One worker thread and the job it is at. A thread that dies fails its job and is replaced. */
class Hand {
  readonly #next: () => Job | undefined;
  #worker: Worker | undefined;
  #job: Job | undefined;
  #isReady = false;
  #idle = Promise.withResolvers<void>();

  constructor(next: () => Job | undefined) {
    this.#next = next;
  }

  get isIdle(): boolean {
    return this.#isReady && this.#job === undefined;
  }

  start(): Promise<Ready> {
    const started = Promise.withResolvers<Ready>();
    const worker = new Worker(new URL('face-worker.ts', import.meta.url));
    this.#worker = worker;
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'ready') {
        this.#isReady = true;
        started.resolve(answer);
      } else this.#finish(answer);
      this.#takeNext();
    });
    worker.on('error', (error) => {
      const wasReady = this.#isReady;
      this.#isReady = false;
      this.#worker = undefined;
      started.reject(error);
      this.#finish({ kind: 'failed', error });
      // One that dies while starting would only die again.
      if (wasReady) this.start().catch(() => undefined);
    });
    return started.promise;
  }

  take(job: Job): void {
    this.#job = job;
    // A view would be sent with all the memory that it is a part of; its own copy can be handed over without another.
    const bytes = new Uint8Array(job.task.bytes);
    this.#worker?.postMessage({ ...job.task, bytes }, [bytes.buffer]);
  }

  async stop(): Promise<void> {
    if (this.#job !== undefined) await this.#idle.promise;
    this.#isReady = false;
    await this.#worker?.terminate();
  }

  #takeNext(): void {
    if (!this.isIdle) return;
    const job = this.#next();
    if (job !== undefined) this.take(job);
  }

  #finish(answer: Exclude<Answer, { kind: 'ready' }>): void {
    const job = this.#job;
    this.#job = undefined;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
    if (answer.kind === 'analysed') job?.resolve(answer.analysis);
    else if (answer.kind === 'refused') job?.reject(new PictureRefused(answer.why, answer.message));
    else job?.reject(answer.error);
  }
}
