/**
 * One ONNX net in onnxruntime, on one thread: a pool of engines uses the cores better than one net that takes
 * them all.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface Net {
  /**
   * Returns the outputs, in the net's order.
   *
   * @param input must not change until the promise settles.
   * @param shape NCHW.
   */
  run(input: Float32Array, shape: readonly number[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/**
 * Opens a net with one input of 32-bit floats.
 *
 * @param model an ONNX file.
 * @throws Error where onnxruntime rejects the file.
 */
export async function openNet(model: Uint8Array): Promise<Net> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Errors only: onnxruntime warns at each start about weights that were widened from float16.
    logSeverityLevel: 3,
  });
  const [inputName = ''] = session.inputNames;
  return {
    async run(input, shape) {
      const results = await session.run({ [inputName]: new Tensor('float32', input, shape) });
      return session.outputNames.map((name) => {
        const data = results[name]?.data;
        if (!(data instanceof Float32Array)) throw new Error(`output ${name} is not of 32-bit floats`);
        return data;
      });
    },
    close: () => session.release(),
  };
}
