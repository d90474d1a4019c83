/**
 * The constant tensors of a TFLite net, as numbers.
 *
 * Weights stored as float16 reach their operator through DEQUANTIZE. It is resolved here, so that a
 * dequantized tensor is as constant as the stored one.
 */
import type { TfliteModel, TfliteTensor } from './model.ts';
import { TENSOR_TYPE } from './model.ts';
import { OPERATOR } from './operators.ts';

/** An order of four axes. */
type AxisOrder = readonly [number, number, number, number];

export class Constants {
  readonly #model: TfliteModel;
  /** Dequantized tensor → the stored one. */
  readonly #sources = new Map<number, number>();

  constructor(model: TfliteModel) {
    this.#model = model;
    for (const { code, inputs, outputs } of model.operators) {
      const [from, to] = [inputs[0], outputs[0]];
      if (code === OPERATOR.DEQUANTIZE && from !== undefined && to !== undefined) this.#sources.set(to, from);
    }
  }

  /** Returns whether a tensor is constant. */
  has(tensor: number): boolean {
    return (this.#model.tensors[this.#stored(tensor)]?.data.length ?? 0) > 0;
  }

  /**
   * Returns the values of a float32 or float16 tensor, in the file's order.
   *
   * @throws Error where the tensor is not constant or of another type.
   */
  floats(tensor: number): Float32Array {
    const { data, type, name } = this.#tensor(tensor);
    const { buffer } = copyOf(data);
    if (type === TENSOR_TYPE.float32) return new Float32Array(buffer);
    if (type === TENSOR_TYPE.float16) return new Float32Array(new Float16Array(buffer));
    throw new Error(`constant ${name} is of type ${type}, which is not supported by the converter`);
  }

  /**
   * Returns the values of an int32 tensor.
   *
   * @throws Error where the tensor is not constant or of another type.
   */
  ints(tensor: number): number[] {
    const { data, type, name } = this.#tensor(tensor);
    if (type !== TENSOR_TYPE.int32) throw new Error(`constant ${name} is not of type int32`);
    return Array.from(new Int32Array(copyOf(data).buffer));
  }

  /**
   * Returns a tensor of rank 4 with its axes in another order: axis i of the result is axis `order[i]` of the
   * file.
   *
   * @throws Error as `floats` does.
   */
  permuted(tensor: number, order: AxisOrder): { values: Float32Array; shape: number[] } {
    const source = this.floats(tensor);
    const from = this.#model.tensors[tensor]?.shape ?? [];
    const strides = from.map((_, axis) => from.slice(axis + 1).reduce((product, size) => product * size, 1));
    const [a, b, c, d] = order.map((axis) => from[axis] ?? 1) as [number, number, number, number]; // four in, four out
    const [sa, sb, sc, sd] = order.map((axis) => strides[axis] ?? 1) as [number, number, number, number]; // likewise
    const values = new Float32Array(source.length);
    let index = 0;
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++)
        for (let k = 0; k < c; k++)
          for (let l = 0; l < d; l++) values[index++] = source[i * sa + j * sb + k * sc + l * sd] ?? 0;
    return { values, shape: [a, b, c, d] };
  }

  #stored(tensor: number): number {
    return this.#sources.get(tensor) ?? tensor;
  }

  #tensor(tensor: number): TfliteTensor {
    const stored = this.#model.tensors[this.#stored(tensor)];
    if (stored === undefined || stored.data.length === 0) throw new Error(`tensor ${tensor} is not constant`);
    return stored;
  }
}

/** Returns an aligned copy: the file does not align values, and `slice` of a Buffer would not copy. */
function copyOf(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data);
}
