/** Converts operators that change a tensor's shape, and FULLY_CONNECTED. */
import type { TfliteOperator } from '../tflite/model.ts';
import { type ConversionState, item, optionsOf } from './conversion-state.ts';

/** NHWC axis → NCHW axis. */
const NCHW_AXIS = [0, 2, 3, 1];

/** Writes PAD with zeros. */
export function pad(state: ConversionState, { inputs, outputs }: TfliteOperator): void {
  const { constants, graph } = state;
  const pairs = constants.ints(item(inputs, 1));
  const order =
    pairs.length === 8 ? [0, 3, 1, 2] : Array.from({ length: pairs.length / 2 }, (_, axis) => axis);
  const pads = [
    ...order.map((axis) => item(pairs, 2 * axis)),
    ...order.map((axis) => item(pairs, 2 * axis + 1)),
  ];
  graph.node('Pad', [state.name(item(inputs, 0)), graph.ints(pads)], state.define(item(outputs, 0)));
}

/**
 * Writes RESIZE_BILINEAR by its ratio, not its target size, so that the net also runs at another input size.
 */
export function resizeBilinear(state: ConversionState, operator: TfliteOperator): void {
  const options = optionsOf(operator);
  const [input, output] = [item(operator.inputs, 0), item(operator.outputs, 0)];
  const [before, after] = [state.shape(input), state.shape(output)];
  const ratios = [1, 2].map((axis) => item(after, axis) / item(before, axis));
  const scales = state.graph.floats(Float32Array.of(1, 1, ...ratios), [4]);
  const corners = options.byte(2) !== 0 ? 'align_corners' : 'asymmetric';
  state.graph.node('Resize', [state.name(input), '', scales], state.define(output), {
    mode: 'linear',
    coordinate_transformation_mode: options.byte(3) !== 0 ? 'half_pixel' : corners,
  });
}

/**
 * Writes RESHAPE. It is the only operator that depends on the order of values in memory, so the channels are
 * moved last before it.
 *
 * @throws Error where the result is of rank 4.
 */
export function reshape(state: ConversionState, { inputs, outputs }: TfliteOperator): void {
  const { graph } = state;
  const [input, output] = [item(inputs, 0), item(outputs, 0)];
  const [before, after] = [state.shape(input), state.shape(output)];
  if (after.length === 4) throw new Error('RESHAPE to rank 4 is not supported by the converter');
  let name = state.name(input);
  const [, height = 1, width = 1] = before;
  if (before.length === 4 && height * width > 1) {
    const transposed = state.intermediate(output, 'moved');
    graph.node('Transpose', [name], transposed, { perm: [0, 2, 3, 1] });
    name = transposed;
  }
  // Another input size yields another number of positions.
  const positions = state.isInputOpen ? after.indexOf(height * width) : -1;
  const shape = after.map((size, axis) => (axis === positions ? -1 : size));
  graph.node('Reshape', [name, graph.ints(shape)], state.define(output));
}

/** Writes CONCATENATION with its fused activation. */
export function concatenation(state: ConversionState, { inputs, outputs, options }: TfliteOperator): void {
  const output = item(outputs, 0);
  const rank = state.shape(output).length;
  const declared = options?.int(0) ?? 0;
  const positive = declared < 0 ? declared + rank : declared;
  const axis = rank === 4 ? item(NCHW_AXIS, positive) : positive;
  const names = inputs.map((tensor) => state.name(tensor));
  state.activated(options?.byte(1) ?? 0, output, (name) => state.graph.node('Concat', names, name, { axis }));
}

/**
 * Writes FULLY_CONNECTED with its fused activation.
 *
 * @throws Error where the input is not of rank 2.
 */
export function fullyConnected(state: ConversionState, operator: TfliteOperator): void {
  const { constants, graph } = state;
  const [input, weights, bias] = [
    item(operator.inputs, 0),
    item(operator.inputs, 1),
    operator.inputs[2] ?? -1,
  ];
  if (state.shape(input).length !== 2)
    throw new Error('FULLY_CONNECTED of a rank other than 2 is not supported by the converter');
  const names = [state.name(input), graph.floats(constants.floats(weights), state.shape(weights))];
  if (bias >= 0) names.push(graph.floats(constants.floats(bias), state.shape(bias)));
  state.activated(operator.options?.byte(0) ?? 0, item(operator.outputs, 0), (name) =>
    graph.node('Gemm', names, name, { transB: 1 }),
  );
}
