/** Operators that change a tensor's shape. */
import type { TfliteOperator } from '../tflite/model.ts';
import type { Conversion } from './conversion.ts';
import { item, optionsOf } from './conversion.ts';

/** NHWC axis → NCHW axis. */
const AXIS_MOVED = [0, 2, 3, 1];

export function pad(conversion: Conversion, { inputs, outputs }: TfliteOperator): void {
  const { constants, graph } = conversion;
  const pairs = constants.ints(item(inputs, 1));
  const order =
    pairs.length === 8 ? [0, 3, 1, 2] : Array.from({ length: pairs.length / 2 }, (_, axis) => axis);
  const pads = [
    ...order.map((axis) => item(pairs, 2 * axis)),
    ...order.map((axis) => item(pairs, 2 * axis + 1)),
  ];
  graph.node(
    'Pad',
    [conversion.name(item(inputs, 0)), graph.ints(pads)],
    conversion.define(item(outputs, 0)),
  );
}

/** By how much, not to which size: so it holds for another input size, too. */
export function resizeBilinear(conversion: Conversion, operator: TfliteOperator): void {
  const options = optionsOf(operator);
  const [input, output] = [item(operator.inputs, 0), item(operator.outputs, 0)];
  const [before, after] = [conversion.shape(input), conversion.shape(output)];
  const ratios = [1, 2].map((axis) => item(after, axis) / item(before, axis));
  const scales = conversion.graph.floats(Float32Array.of(1, 1, ...ratios), [4]);
  const corners = options.byte(2) !== 0 ? 'align_corners' : 'asymmetric';
  conversion.graph.node('Resize', [conversion.name(input), '', scales], conversion.define(output), {
    mode: 'linear',
    coordinate_transformation_mode: options.byte(3) !== 0 ? 'half_pixel' : corners,
  });
}

/** The one operator that sees in which order numbers lie, so here the channels go last again. */
export function reshape(conversion: Conversion, { inputs, outputs }: TfliteOperator): void {
  const { graph } = conversion;
  const [input, output] = [item(inputs, 0), item(outputs, 0)];
  const [before, after] = [conversion.shape(input), conversion.shape(output)];
  if (after.length === 4) throw new Error('RESHAPE to rank 4 is not known to the converter');
  let name = conversion.name(input);
  const [, height = 1, width = 1] = before;
  if (before.length === 4 && height * width > 1) {
    const moved = conversion.between(output, 'moved');
    graph.node('Transpose', [name], moved, { perm: [0, 2, 3, 1] });
    name = moved;
  }
  // Another input size makes another number of places.
  const places = conversion.isResized ? after.indexOf(height * width) : -1;
  const shape = after.map((size, axis) => (axis === places ? -1 : size));
  graph.node('Reshape', [name, graph.ints(shape)], conversion.define(output));
}

export function concatenation(conversion: Conversion, { inputs, outputs, options }: TfliteOperator): void {
  const output = item(outputs, 0);
  const rank = conversion.shape(output).length;
  const said = options?.int(0) ?? 0;
  const positive = said < 0 ? said + rank : said;
  const axis = rank === 4 ? item(AXIS_MOVED, positive) : positive;
  const names = inputs.map((tensor) => conversion.name(tensor));
  conversion.activated(options?.byte(1) ?? 0, output, (name) =>
    conversion.graph.node('Concat', names, name, { axis }),
  );
}

export function fullyConnected(conversion: Conversion, operator: TfliteOperator): void {
  const { constants, graph } = conversion;
  const [input, weights, bias] = [
    item(operator.inputs, 0),
    item(operator.inputs, 1),
    operator.inputs[2] ?? -1,
  ];
  if (conversion.shape(input).length !== 2)
    throw new Error('FULLY_CONNECTED of rank other than 2 is not known to the converter');
  const names = [conversion.name(input), graph.floats(constants.floats(weights), conversion.shape(weights))];
  if (bias >= 0) names.push(graph.floats(constants.floats(bias), conversion.shape(bias)));
  conversion.activated(operator.options?.byte(0) ?? 0, item(operator.outputs, 0), (name) =>
    graph.node('Gemm', names, name, { transB: 1 }),
  );
}
