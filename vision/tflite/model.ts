/**
 * Reads a TensorFlow Lite file into plain objects: tensors, and operators in the order in which they run.
 *
 * Field numbers and codes are those of TensorFlow's `schema.fbs`, which grows only at the end, so they are
 * valid for all files of version 3. Only the first subgraph is read: a net for inference has one.
 */
import { Table } from './flatbuffer.ts';

const SCHEMA_VERSION = 3;

/** Codes of the supported tensor types (`TensorType` of `schema.fbs`). */
export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2 } as const;

export interface TfliteTensor {
  readonly name: string;
  /** NHWC where of rank 4. */
  readonly shape: readonly number[];
  /** Code of `TENSOR_TYPE`, or of a type that is not supported. */
  readonly type: number;
  /** Little-endian values; empty where the tensor is computed. */
  readonly data: Uint8Array;
}

export interface TfliteOperator {
  /** Code of `OPERATOR`, or of one that is not supported. */
  readonly code: number;
  /** Indices of tensors; −1 where an optional input is left out. */
  readonly inputs: readonly number[];
  /** Indices of tensors. */
  readonly outputs: readonly number[];
  readonly options: Table | undefined;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  /** Indices of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Returns the net in a TensorFlow Lite file.
 *
 * @throws Error where the bytes are not such a file, or of another schema version.
 * @throws RangeError where the file is truncated.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const identifier = new TextDecoder().decode(bytes.subarray(4, 8));
  if (identifier !== 'TFL3') throw new Error(`not a TensorFlow Lite file: its identifier is "${identifier}"`);
  const model = Table.root(bytes);
  if (model.int(0) !== SCHEMA_VERSION)
    throw new Error(`TensorFlow Lite schema ${model.int(0)} is not supported`);
  // Codes above 127 do not fit the original byte field, so an int field was added; the larger of the two is
  // valid.
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)));
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  if (graph === undefined) throw new Error('the TensorFlow Lite file has no graph');
  return {
    tensors: graph.tables(0).map((tensor) => ({
      name: tensor.text(3),
      shape: tensor.ints(0),
      type: tensor.byte(1),
      data: buffers[tensor.int(2)]?.bytes(0) ?? new Uint8Array(),
    })),
    operators: graph.tables(3).map((operator) => ({
      code: codes[operator.int(0)] ?? -1,
      inputs: operator.ints(1),
      outputs: operator.ints(2),
      options: operator.table(4),
    })),
    inputs: graph.ints(1),
    outputs: graph.ints(2),
  };
}
