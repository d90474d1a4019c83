/**
 * Builds an ONNX graph: operators, constants, inputs and outputs, encoded as a ModelProto.
 *
 * Field numbers are those of `onnx.proto`. Opset 17 is supported by every onnxruntime of recent years and has
 * all operators that the nets need.
 */
import { Message } from './protobuf.ts';

const IR_VERSION = 8;
const OPSET_VERSION = 17;
/** Codes of `TensorProto.DataType`. */
const DATA_TYPE = { float: 1, int64: 7 } as const;
/** Codes of `AttributeProto.AttributeType`. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, text: 3, ints: 7 } as const;

/** Name of a net's one input. */
export const INPUT_NAME = 'input';

/**
 * Integers are `int` attributes; a `float` attribute is written `{ float }`, because 1 and 1.0 are equal in
 * JavaScript.
 */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** A dimension is a size, or a name where each run may choose the size. */
export type Dimension = number | string;

export class OnnxGraph {
  readonly #graph = new Message();
  /** Integer lists by content → the constant's name. */
  readonly #constants = new Map<string, string>();
  #constantsCount = 0;

  /** Declares an input of 32-bit floats. */
  input(name: string, shape: readonly Dimension[]): void {
    this.#graph.message(11, valueInfo(name, shape));
  }

  /** Declares an output of 32-bit floats. */
  output(name: string, shape: readonly Dimension[]): void {
    this.#graph.message(12, valueInfo(name, shape));
  }

  /** Adds an operator with one output. An input of '' is an optional one that is left out. */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, Attribute> = {},
  ): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, `${operator}_${output}`).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#graph.message(1, node);
  }

  /** Adds a constant of 32-bit floats and returns its name. */
  floats(values: Float32Array, shape: readonly number[]): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#constant(DATA_TYPE.float, bytes, shape);
  }

  /**
   * Adds a list of integers, as for shapes and paddings, and returns its name; equal lists share one
   * constant.
   */
  ints(values: readonly number[]): string {
    const key = values.join();
    const existing = this.#constants.get(key);
    if (existing !== undefined) return existing;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const name = this.#constant(DATA_TYPE.int64, bytes, [values.length]);
    this.#constants.set(key, name);
    return name;
  }

  /** Returns the ONNX file. */
  encoded(): Uint8Array {
    this.#graph.text(2, 'converted');
    return new Message()
      .int(1, IR_VERSION)
      .message(8, new Message().text(1, '').int(2, OPSET_VERSION))
      .message(7, this.#graph)
      .encoded();
  }

  #constant(dataType: number, bytes: Uint8Array, shape: readonly number[]): string {
    const name = `constant${this.#constantsCount++}`;
    const tensor = new Message();
    for (const size of shape) tensor.int(1, size);
    this.#graph.message(5, tensor.int(2, dataType).text(8, name).bytes(9, bytes));
    return name;
  }
}

/**
 * Returns the model with its input declared as `shape`, for a net that was converted with an open input size.
 *
 * One encoded message after the other is the encoding of both merged. So the declaration is appended, and one
 * file serves every size.
 *
 * @param shape NCHW.
 * @see https://protobuf.dev/programming-guides/encoding/#last-one-wins
 */
export function declareInput(model: Uint8Array, shape: readonly number[]): Uint8Array {
  const graph = new Message().message(11, valueInfo(INPUT_NAME, shape));
  return Buffer.concat([model, new Message().message(7, graph).encoded()]);
}

/** Returns an AttributeProto. */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE_TYPE.int);
  if (typeof value === 'string') return message.text(4, value).int(20, ATTRIBUTE_TYPE.text);
  if ('float' in value) return message.float(2, value.float).int(20, ATTRIBUTE_TYPE.float);
  for (const item of value) message.int(8, item);
  return message.int(20, ATTRIBUTE_TYPE.ints);
}

/** Returns a ValueInfoProto for a tensor of 32-bit floats. */
function valueInfo(name: string, shape: readonly Dimension[]): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.text(2, size));
  }
  const tensor = new Message().int(1, DATA_TYPE.float).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
