/**
 * TensorFlow Lite → ONNX, in memory, for nets that look at pictures.
 *
 * The permissive face models are published as TFLite files; the fast runtime on a server reads ONNX. The two
 * differ in layout: TFLite keeps channels last (NHWC), onnxruntime wants them first (NCHW). So every tensor of
 * rank 4 changes places: weights once, here, and computed tensors by being computed so in the first place. Only
 * a reshape looks at the order of numbers in memory, so only there a transpose remains. Weights stored as
 * float16 become float32.
 *
 * A net that is convolutional throughout can be converted for another input size. Paddings are computed for the
 * size in the file, so the other must be a multiple of the net's whole stride (32 for BlazeFace): then every
 * layer pads as it did. The size is fixed at conversion, not left open to each run, because onnxruntime fuses
 * less where it does not know shapes: a tenth of the time.
 */
import { absolute, activation, arithmetic, l2Normalization, prelu } from './conversion/arithmetic.ts';
import { Conversion, item } from './conversion/conversion.ts';
import { convolution, maxPool, widening } from './conversion/convolution.ts';
import { concatenation, fullyConnected, pad, reshape, resizeBilinear } from './conversion/shaping.ts';
import { groupsOf } from './tflite/fuse.ts';
import type { TfliteOperator } from './tflite/model.ts';
import { readTflite } from './tflite/model.ts';
import { OPERATOR, operatorName } from './tflite/operators.ts';

export interface ConvertOptions {
  /** Another input size than the file's. */
  readonly size?: { readonly width: number; readonly height: number };
}

type Translate = (conversion: Conversion, operator: TfliteOperator) => void;

const TRANSLATIONS: ReadonlyMap<number, Translate> = new Map<number, Translate>([
  [OPERATOR.CONV_2D, (conversion, operator) => convolution(conversion, operator, false)],
  [OPERATOR.DEPTHWISE_CONV_2D, (conversion, operator) => convolution(conversion, operator, true)],
  [OPERATOR.MAX_POOL_2D, maxPool],
  [OPERATOR.ADD, (conversion, operator) => arithmetic(conversion, operator, 'Add')],
  [OPERATOR.SUB, (conversion, operator) => arithmetic(conversion, operator, 'Sub')],
  [OPERATOR.MUL, (conversion, operator) => arithmetic(conversion, operator, 'Mul')],
  [OPERATOR.ABS, absolute],
  [OPERATOR.RELU, (conversion, operator) => activation(conversion, operator, 'relu')],
  [OPERATOR.RELU6, (conversion, operator) => activation(conversion, operator, 'relu6')],
  [
    OPERATOR.PRELU,
    (conversion, { inputs, outputs }) =>
      prelu(conversion, item(inputs, 0), conversion.constants.floats(item(inputs, 1)), item(outputs, 0)),
  ],
  [OPERATOR.L2_NORMALIZATION, l2Normalization],
  [OPERATOR.PAD, pad],
  [OPERATOR.RESIZE_BILINEAR, resizeBilinear],
  [OPERATOR.RESHAPE, reshape],
  [OPERATOR.CONCATENATION, concatenation],
  [OPERATOR.FULLY_CONNECTED, fullyConnected],
]);

/**
 * The input is named `input`, NCHW; outputs are named `output0`, `output1`, … in the file's order, in the
 * file's own layout unless of rank 4 (then NCHW).
 *
 * @throws Error naming the operator, where the net has one that is not known.
 */
export function convertTflite(bytes: Uint8Array, { size }: ConvertOptions = {}): Uint8Array {
  const model = readTflite(bytes);
  const conversion = new Conversion(model, size);
  const groups = groupsOf(model, conversion.constants);
  for (const [at, operator] of model.operators.entries()) {
    const group = groups.get(at);
    // DEQUANTIZE only ever stands between a stored weight and its operator.
    if (group === 'part' || operator.code === OPERATOR.DEQUANTIZE) continue;
    if (group === undefined) translate(conversion, operator);
    else if ('widening' in group) widening(conversion, group.widening);
    else prelu(conversion, group.prelu.input, group.prelu.slope, group.prelu.output);
  }
  return conversion.encoded();
}

function translate(conversion: Conversion, operator: TfliteOperator): void {
  const translation = TRANSLATIONS.get(operator.code);
  if (translation === undefined)
    throw new Error(`${operatorName(operator.code)} is not known to the converter`);
  translation(conversion, operator);
}
