/**
 * One engine in a thread of its own: takes a picture's bytes, gives its faces or the reason why not, one task
 * at a time.
 */
import { parentPort } from 'node:worker_threads';
import type { Analysis, AnalysisOptions } from './analysis.ts';
import { analyse } from './analysis.ts';
import { createFaceEngine } from './face-engine.ts';
import type { PictureRefusal } from './picture.ts';
import { PictureRefused } from './picture.ts';

export interface Task {
  readonly bytes: Uint8Array;
  readonly options: AnalysisOptions;
}

export type Answer =
  | { readonly kind: 'ready'; readonly modelId: string; readonly vectorLength: number }
  | { readonly kind: 'analysed'; readonly analysis: Analysis }
  | { readonly kind: 'refused'; readonly why: PictureRefusal; readonly message: string }
  | { readonly kind: 'failed'; readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error('this file is run as a worker');
const answer = (message: Answer) => port.postMessage(message);

const engine = await createFaceEngine();
port.on('message', ({ bytes, options }: Task) => {
  analyse(engine, bytes, options).then(
    (analysis) => answer({ kind: 'analysed', analysis }),
    (error: unknown) =>
      error instanceof PictureRefused
        ? answer({ kind: 'refused', why: error.why, message: error.message })
        : answer({ kind: 'failed', error }),
  );
});
answer({ kind: 'ready', modelId: engine.modelId, vectorLength: engine.vectorLength });
