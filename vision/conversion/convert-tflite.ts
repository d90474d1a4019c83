/**
 * Converts image nets from TensorFlow Lite to ONNX.
 *
 * The permissive face models are published as TFLite files; the fast runtime on a server reads ONNX. The
 * layouts differ: TFLite has channels last (NHWC), onnxruntime is fast with channels first (NCHW). So every
 * tensor of rank 4 is permuted: weights once, here, and computed tensors by computing them in that order.
 * Only a reshape depends on the order of values in memory, so only there a transposition remains. Weights
 * stored as float16 become float32.
 *
 * A fully convolutional net also runs at other input sizes. Paddings are computed for the size in the file, so
 * the other size must be a multiple of the net's total stride (32 for BlazeFace): then every layer pads as
 * before. The size is fixed when the net is opened, not left open to each run, because onnxruntime fuses less
 * where it has no shapes, which costs a tenth of the time.
 */
import type { TfliteOperator } from '../tflite/model.ts';
import { readTflite } from '../tflite/model.ts';
import { groupOperators } from '../tflite/operator-groups.ts';
import { OPERATOR, operatorName } from '../tflite/operators.ts';
import { absolute, activation, arithmetic, l2Normalization, prelu } from './arithmetic.ts';
import { ConversionState, item } from './conversion-state.ts';
import { convolution, maxPool, wideningResidual } from './convolution.ts';
import { concatenation, fullyConnected, pad, reshape, resizeBilinear } from './shapes.ts';

/**
 * Changes with every change of the converter's output. Converted nets are stored under it, and a test pins their
 * SHA-256 to it.
 */
export const CONVERTER_VERSION = 1;

export interface ConversionOptions {
  /**
   * `fixed` (default): the input has the file's size. `open`: the file declares no input, so that `declareInput`
   * sets its size when the net is opened.
   */
  readonly inputSize?: 'fixed' | 'open';
}

type OperatorConverter = (state: ConversionState, operator: TfliteOperator) => void;

const CONVERTERS: ReadonlyMap<number, OperatorConverter> = new Map<number, OperatorConverter>([
  [OPERATOR.CONV_2D, (state, operator) => convolution(state, operator, false)],
  [OPERATOR.DEPTHWISE_CONV_2D, (state, operator) => convolution(state, operator, true)],
  [OPERATOR.MAX_POOL_2D, maxPool],
  [OPERATOR.ADD, (state, operator) => arithmetic(state, operator, 'Add')],
  [OPERATOR.SUB, (state, operator) => arithmetic(state, operator, 'Sub')],
  [OPERATOR.MUL, (state, operator) => arithmetic(state, operator, 'Mul')],
  [OPERATOR.ABS, absolute],
  [OPERATOR.RELU, (state, operator) => activation(state, operator, 'relu')],
  [OPERATOR.RELU6, (state, operator) => activation(state, operator, 'relu6')],
  [
    OPERATOR.PRELU,
    (state, { inputs, outputs }) =>
      prelu(state, item(inputs, 0), state.constants.floats(item(inputs, 1)), item(outputs, 0)),
  ],
  [OPERATOR.L2_NORMALIZATION, l2Normalization],
  [OPERATOR.PAD, pad],
  [OPERATOR.RESIZE_BILINEAR, resizeBilinear],
  [OPERATOR.RESHAPE, reshape],
  [OPERATOR.CONCATENATION, concatenation],
  [OPERATOR.FULLY_CONNECTED, fullyConnected],
]);

/**
 * Returns the net as an ONNX file; equal bytes for equal bytes. The input is named `input` and is NCHW; the outputs are named `output0`,
 * `output1`, … in the file's order and in its layout, except NCHW where of rank 4.
 *
 * @param bytes a TensorFlow Lite file, schema version 3.
 * @throws Error with the operator's name, where the net has one that the converter does not support.
 */
export function convertTflite(
  bytes: Uint8Array,
  { inputSize = 'fixed' }: ConversionOptions = {},
): Uint8Array {
  const model = readTflite(bytes);
  const state = new ConversionState(model, inputSize === 'open');
  const groups = groupOperators(model, state.constants);
  for (const [index, operator] of model.operators.entries()) {
    const group = groups.get(index);
    // DEQUANTIZE occurs only between a stored weight and its operator; `Constants` resolves it.
    if (group === 'part' || operator.code === OPERATOR.DEQUANTIZE) continue;
    if (group === undefined) convertOperator(state, operator);
    else if ('widening' in group) wideningResidual(state, group.widening);
    else prelu(state, group.prelu.input, group.prelu.slope, group.prelu.output);
  }
  return state.encoded();
}

function convertOperator(state: ConversionState, operator: TfliteOperator): void {
  const convert = CONVERTERS.get(operator.code);
  if (convert === undefined)
    throw new Error(`${operatorName(operator.code)} is not supported by the converter`);
  convert(state, operator);
}
