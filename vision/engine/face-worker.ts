/**
 * Worker thread of the face pool: one engine that analyses one picture at a time and posts the result or the
 * error.
 */
import { parentPort } from 'node:worker_threads';
import { InvalidPictureError, type InvalidPictureReason } from '../picture/decode.ts';
import { type Analysis, type AnalysisOptions, analysePicture } from './analyse-picture.ts';
import { createFaceEngine } from './face-engine.ts';

export interface Task {
  readonly bytes: Uint8Array;
  readonly options: AnalysisOptions;
}

/**
 * `ready` once after start, then one message per task. Errors lose their class between threads, so `invalid`
 * is explicit.
 */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly modelId: string; readonly vectorLength: number }
  | { readonly kind: 'analysed'; readonly analysis: Analysis }
  | { readonly kind: 'invalid'; readonly reason: InvalidPictureReason; readonly message: string }
  | { readonly kind: 'failed'; readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error('face-worker.ts must run as a worker thread');
const post = (message: WorkerMessage) => port.postMessage(message);

const engine = await createFaceEngine();
port.on('message', ({ bytes, options }: Task) => {
  analysePicture(engine, bytes, options).then(
    (analysis) => post({ kind: 'analysed', analysis }),
    (error: unknown) =>
      error instanceof InvalidPictureError
        ? post({ kind: 'invalid', reason: error.reason, message: error.message })
        : post({ kind: 'failed', error }),
  );
});
post({ kind: 'ready', modelId: engine.modelId, vectorLength: engine.vectorLength });
