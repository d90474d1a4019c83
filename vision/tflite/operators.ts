/**
 * Codes of TensorFlow Lite's operators (`BuiltinOperator` of `schema.fbs`): those that the converter
 * supports, and names of others for its error messages.
 */
export const OPERATOR = {
  ADD: 0,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  FULLY_CONNECTED: 9,
  L2_NORMALIZATION: 11,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  PAD: 34,
  SUB: 41,
  PRELU: 54,
  ABS: 101,
} as const;

const NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(OPERATOR).map(([name, code]) => [code, name])),
  1: 'AVERAGE_POOL_2D',
  5: 'DEPTH_TO_SPACE',
  14: 'LOGISTIC',
  25: 'SOFTMAX',
  28: 'TANH',
  32: 'CUSTOM',
  39: 'TRANSPOSE',
  40: 'MEAN',
  42: 'DIV',
  45: 'STRIDED_SLICE',
  49: 'SPLIT',
  67: 'TRANSPOSE_CONV',
  114: 'QUANTIZE',
  117: 'HARD_SWISH',
  124: 'DENSIFY',
};

/** Returns an operator's name in `schema.fbs`, or "operator <code>" for one that is not listed here. */
export function operatorName(code: number): string {
  return NAMES[code] ?? `operator ${code}`;
}
