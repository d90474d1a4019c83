/** Converts operators that read a window around each position. */
import type { TfliteOperator } from '../tflite/model.ts';
import type { WideningResidual } from '../tflite/operator-groups.ts';
import { type ConversionState, item, optionsOf } from './conversion-state.ts';

/** `Padding.SAME` of `schema.fbs`. */
const PADDING_SAME = 0;

/** Writes CONV_2D or DEPTHWISE_CONV_2D with its fused activation. */
export function convolution(state: ConversionState, operator: TfliteOperator, isDepthwise: boolean): void {
  // Depthwise options have a multiplier as field 3, which shifts the fields after it.
  const activation = optionsOf(operator).byte(isDepthwise ? 4 : 3);
  const channels = { from: 0, to: item(state.shape(item(operator.outputs, 0)), 3) };
  state.activated(activation, item(operator.outputs, 0), (name) =>
    convolve(state, operator, isDepthwise, channels, name),
  );
}

/**
 * Writes a widening residual as two convolutions side by side: the first channels with the input added, the
 * others without. `tflite/operator-groups.ts` has the reason.
 */
export function wideningResidual(state: ConversionState, group: WideningResidual): void {
  const { graph } = state;
  const { input, output, isRectified } = group;
  const narrow = item(state.shape(input), 3);
  const wide = item(state.shape(output), 3);
  const named = (suffix: string) => state.intermediate(output, suffix);
  convolve(state, group.convolution, false, { from: 0, to: narrow }, named('inner'));
  convolve(state, group.convolution, false, { from: narrow, to: wide }, named('outer'));
  graph.node('Add', [state.name(input), named('inner')], named('sum'));
  let parts = [named('sum'), named('outer')];
  if (isRectified) {
    for (const part of parts) state.activate('relu', part, `${part}rectified`);
    parts = parts.map((part) => `${part}rectified`);
  }
  graph.node('Concat', parts, state.define(output), { axis: 1 });
}

/** Writes a convolution to the output channels `from` (inclusive) to `to` (exclusive), under a name. */
function convolve(
  state: ConversionState,
  operator: TfliteOperator,
  isDepthwise: boolean,
  channels: { readonly from: number; readonly to: number },
  name: string,
): void {
  const { constants, graph } = state;
  const options = optionsOf(operator);
  const [input, weights, bias] = [
    item(operator.inputs, 0),
    item(operator.inputs, 1),
    operator.inputs[2] ?? -1,
  ];
  const activationField = isDepthwise ? 4 : 3;
  const dilations = [options.int(activationField + 2, 1), options.int(activationField + 1, 1)];
  const strides = [options.int(2, 1), options.int(1, 1)];
  const kernel = constants.permuted(weights, isDepthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]);
  const [, ...rest] = kernel.shape;
  const window = rest.slice(1);
  const { from, to } = channels;
  const size = rest.reduce((product, side) => product * side, 1);
  const inputs = [
    state.name(input),
    graph.floats(kernel.values.subarray(from * size, to * size), [to - from, ...rest]),
  ];
  if (bias >= 0) inputs.push(graph.floats(constants.floats(bias).subarray(from, to), [to - from]));
  graph.node('Conv', inputs, name, {
    kernel_shape: window,
    strides,
    dilations,
    group: isDepthwise ? item(state.shape(input), 3) : 1,
    pads: paddings(options.byte(0), state.shape(input), window, strides, dilations),
  });
}

/** Writes MAX_POOL_2D with its fused activation. */
export function maxPool(state: ConversionState, operator: TfliteOperator): void {
  const options = optionsOf(operator);
  const input = item(operator.inputs, 0);
  const strides = [options.int(2, 1), options.int(1, 1)];
  const window = [options.int(4, 1), options.int(3, 1)];
  const pads = paddings(options.byte(0), state.shape(input), window, strides, [1, 1]);
  state.activated(options.byte(5), item(operator.outputs, 0), (name) =>
    state.graph.node('MaxPool', [state.name(input)], name, { kernel_shape: window, strides, pads }),
  );
}

/**
 * Returns ONNX pads: top, left, bottom, right. SAME puts the odd pixel at the end, which with stride 2 is all
 * of the padding: [0, 0, 1, 1] for a 3×3 kernel.
 */
function paddings(
  padding: number,
  [, height = 1, width = 1]: readonly number[],
  window: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): number[] {
  if (padding !== PADDING_SAME) return [0, 0, 0, 0];
  const totals = [height, width].map((size, axis) => {
    const stride = item(strides, axis);
    const reach = (item(window, axis) - 1) * item(dilations, axis) + 1;
    return Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  });
  return [...totals.map((total) => total >> 1), ...totals.map((total) => total - (total >> 1))];
}
