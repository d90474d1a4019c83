/**
 * A TensorFlow Lite file as plain objects: tensors, and operators in the order in which they run.
 *
 * Field numbers and codes are those of TensorFlow's `schema.fbs`, which only ever grows at the end, so they
 * hold for all files of its version 3. Only the first subgraph is read: a net for inference has one.
 */
import { Table } from './flatbuffer.ts';

const SCHEMA_VERSION = 3;

export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2 } as const;

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Empty where the tensor is computed. */
  readonly data: Uint8Array;
}

export interface TfliteOperator {
  readonly code: number;
  /** Numbers of tensors; −1 where an optional input is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table | undefined;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** @throws Error where the bytes are not a TensorFlow Lite file of the known version. */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const identifier = new TextDecoder().decode(bytes.subarray(4, 8));
  if (identifier !== 'TFL3') throw new Error(`not a TensorFlow Lite file: marked "${identifier}"`);
  const model = Table.root(bytes);
  if (model.int(0) !== SCHEMA_VERSION) throw new Error(`TensorFlow Lite schema ${model.int(0)} is not known`);
  // Codes beyond 127 do not fit the old byte field, so a newer int field stands beside it and the larger one counts.
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)));
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  if (graph === undefined) throw new Error('the TensorFlow Lite file holds no graph');
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
