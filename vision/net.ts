/**
 * One converted net in onnxruntime, on one thread: a pool of engines shares the cores better than a net that
 * takes them all.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface Net {
  /** @param shape NCHW; the input is read until the promise is kept. */
  run(input: Float32Array, shape: readonly number[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

export async function openNet(model: Uint8Array): Promise<Net> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Weights of float16 that were widened are not worth a warning at each start.
    logSeverityLevel: 3,
  });
  const [inputName = ''] = session.inputNames;
  return {
    async run(input, shape) {
      const results = await session.run({ [inputName]: new Tensor('float32', input, shape) });
      return session.outputNames.map((name) => {
        const data = results[name]?.data;
        if (!(data instanceof Float32Array)) throw new Error(`the net gave no numbers as ${name}`);
        return data;
      });
    },
    close: () => session.release(),
  };
}
