/** Operators that look at a window around each place. */
import type { Widening } from '../tflite/fuse.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import type { Conversion } from './conversion.ts';
import { item, optionsOf } from './conversion.ts';

const PADDING_SAME = 0;

export function convolution(conversion: Conversion, operator: TfliteOperator, isDepthwise: boolean): void {
  // Depthwise options carry a multiplier at 3, which moves the fields after it.
  const activation = optionsOf(operator).byte(isDepthwise ? 4 : 3);
  const channels = { from: 0, to: item(conversion.shape(item(operator.outputs, 0)), 3) };
  conversion.activated(activation, item(operator.outputs, 0), (name) =>
    convolve(conversion, operator, isDepthwise, channels, name),
  );
}

/** The first channels with the input added, the others without, side by side; see `tflite/fuse.ts`. */
export function widening(conversion: Conversion, group: Widening): void {
  const { graph } = conversion;
  const { input, output, isRectified } = group;
  const narrow = item(conversion.shape(input), 3);
  const wide = item(conversion.shape(output), 3);
  const named = (what: string) => conversion.between(output, what);
  convolve(conversion, group.convolution, false, { from: 0, to: narrow }, named('inner'));
  convolve(conversion, group.convolution, false, { from: narrow, to: wide }, named('outer'));
  graph.node('Add', [conversion.name(input), named('inner')], named('sum'));
  let parts = [named('sum'), named('outer')];
  if (isRectified) {
    for (const part of parts) conversion.activate('relu', part, `${part}rectified`);
    parts = parts.map((part) => `${part}rectified`);
  }
  graph.node('Concat', parts, conversion.define(output), { axis: 1 });
}

function convolve(
  conversion: Conversion,
  operator: TfliteOperator,
  isDepthwise: boolean,
  channels: { readonly from: number; readonly to: number },
  name: string,
): void {
  const { constants, graph } = conversion;
  const options = optionsOf(operator);
  const [input, weights, bias] = [
    item(operator.inputs, 0),
    item(operator.inputs, 1),
    operator.inputs[2] ?? -1,
  ];
  const after = isDepthwise ? 4 : 3;
  const dilations = [options.int(after + 2, 1), options.int(after + 1, 1)];
  const strides = [options.int(2, 1), options.int(1, 1)];
  const kernel = constants.permuted(weights, isDepthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]);
  const [, ...rest] = kernel.shape;
  const window = rest.slice(1);
  const { from, to } = channels;
  const size = rest.reduce((product, side) => product * side, 1);
  const inputs = [
    conversion.name(input),
    graph.floats(kernel.values.subarray(from * size, to * size), [to - from, ...rest]),
  ];
  if (bias >= 0) inputs.push(graph.floats(constants.floats(bias).subarray(from, to), [to - from]));
  graph.node('Conv', inputs, name, {
    kernel_shape: window,
    strides,
    dilations,
    group: isDepthwise ? item(conversion.shape(input), 3) : 1,
    pads: paddings(options.byte(0), conversion.shape(input), window, strides, dilations),
  });
}

export function maxPool(conversion: Conversion, operator: TfliteOperator): void {
  const options = optionsOf(operator);
  const input = item(operator.inputs, 0);
  const strides = [options.int(2, 1), options.int(1, 1)];
  const window = [options.int(4, 1), options.int(3, 1)];
  const pads = paddings(options.byte(0), conversion.shape(input), window, strides, [1, 1]);
  conversion.activated(options.byte(5), item(operator.outputs, 0), (name) =>
    conversion.graph.node('MaxPool', [conversion.name(input)], name, { kernel_shape: window, strides, pads }),
  );
}

/** SAME padding puts the odd pixel at the end, which with stride 2 is all of it: [0, 0, 1, 1] for a 3×3 kernel. */
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
