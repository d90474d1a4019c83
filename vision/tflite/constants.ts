/**
 * The constant tensors of a TFLite net, as numbers.
 *
 * Weights stored as float16 reach their operator through DEQUANTIZE; that is folded here, so a dequantized
 * tensor is as constant as the one it comes from.
 */
import type { TfliteModel } from './model.ts';
import { TENSOR_TYPE } from './model.ts';
import { OPERATOR } from './operators.ts';

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

  has(tensor: number): boolean {
    return (this.#model.tensors[this.#stored(tensor)]?.data.length ?? 0) > 0;
  }

  floats(tensor: number): Float32Array {
    const { data, type, name } = this.#tensor(tensor);
    const { buffer } = copied(data);
    if (type === TENSOR_TYPE.float32) return new Float32Array(buffer);
    if (type === TENSOR_TYPE.float16) return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    throw new Error(`constant ${name} is of type ${type}, which is not known to the converter`);
  }

  ints(tensor: number): number[] {
    const { data, type, name } = this.#tensor(tensor);
    if (type !== TENSOR_TYPE.int32) throw new Error(`constant ${name} is not of whole numbers`);
    return Array.from(new Int32Array(copied(data).buffer));
  }

  /** Axes of rank 4 in another order: result axis i is the stored axis `order[i]`. */
  permuted(tensor: number, order: readonly [number, number, number, number]) {
    const source = this.floats(tensor);
    const from = this.#model.tensors[tensor]?.shape ?? [];
    const strides = from.map((_, axis) => from.slice(axis + 1).reduce((product, size) => product * size, 1));
    const [a, b, c, d] = order.map((axis) => from[axis] ?? 1) as [number, number, number, number]; // four in, four out
    const [sa, sb, sc, sd] = order.map((axis) => strides[axis] ?? 1) as [number, number, number, number]; // likewise
    const values = new Float32Array(source.length);
    let at = 0;
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++)
        for (let k = 0; k < c; k++)
          for (let l = 0; l < d; l++) values[at++] = source[i * sa + j * sb + k * sc + l * sd] ?? 0;
    return { values, shape: [a, b, c, d] };
  }

  #stored(tensor: number): number {
    return this.#sources.get(tensor) ?? tensor;
  }

  #tensor(tensor: number) {
    const found = this.#model.tensors[this.#stored(tensor)];
    if (found === undefined || found.data.length === 0) throw new Error(`tensor ${tensor} is not a constant`);
    return found;
  }
}

/** The file does not promise that numbers begin at a multiple of their size; `slice` of a Buffer would not copy. */
function copied(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data);
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
