/** Operators that take each number by itself, or each place's channels. */
import type { TfliteOperator } from '../tflite/model.ts';
import type { Conversion } from './conversion.ts';
import { item } from './conversion.ts';

export function arithmetic(
  conversion: Conversion,
  operator: TfliteOperator,
  name: 'Add' | 'Sub' | 'Mul',
): void {
  const { constants, graph } = conversion;
  const output = item(operator.outputs, 0);
  const rank = conversion.shape(output).length;
  const inputs = operator.inputs.map((tensor) => {
    if (!constants.has(tensor)) return conversion.name(tensor);
    const values = constants.floats(tensor);
    if (values.length !== 1 && conversion.shape(tensor).length !== 1)
      throw new Error(`${name} with a constant per place is not known to the converter`);
    return graph.floats(values, rank === 4 ? [1, values.length, 1, 1] : [values.length]);
  });
  conversion.activated(operator.options?.byte(0) ?? 0, output, (result) => graph.node(name, inputs, result));
}

export function absolute(conversion: Conversion, { inputs, outputs }: TfliteOperator): void {
  conversion.graph.node('Abs', [conversion.name(item(inputs, 0))], conversion.define(item(outputs, 0)));
}

export function activation(
  conversion: Conversion,
  { inputs, outputs }: TfliteOperator,
  kind: 'relu' | 'relu6',
): void {
  conversion.activate(kind, conversion.name(item(inputs, 0)), conversion.define(item(outputs, 0)));
}

/**
 * As α·x + (1 − α)·relu(x), both products being depthwise 1×1 convolutions: onnxruntime has no PRelu in its
 * blocked layout, and its plain one, with a transposition before and after, took more time than all
 * convolutions of a net together.
 */
export function prelu(conversion: Conversion, input: number, slope: Float32Array, output: number): void {
  const { graph } = conversion;
  const channels = item(conversion.shape(input), 3);
  if (slope.length !== channels)
    throw new Error('PRELU with a slope per place is not known to the converter');
  const scaled = (from: string, scale: Float32Array, to: string) =>
    graph.node('Conv', [from, graph.floats(scale, [channels, 1, 1, 1])], to, {
      kernel_shape: [1, 1],
      group: channels,
    });
  const [positive, upper, lower] = [
    conversion.between(output, 'positive'),
    conversion.between(output, 'upper'),
    conversion.between(output, 'lower'),
  ];
  graph.node('Relu', [conversion.name(input)], positive);
  const complement = slope.map((value) => 1 - value);
  scaled(positive, complement, upper);
  scaled(conversion.name(input), slope, lower);
  graph.node('Add', [lower, upper], conversion.define(output));
}

export function l2Normalization(conversion: Conversion, { inputs, outputs }: TfliteOperator): void {
  const input = item(inputs, 0);
  const axis = conversion.shape(input).length === 4 ? 1 : -1;
  conversion.graph.node('LpNormalization', [conversion.name(input)], conversion.define(item(outputs, 0)), {
    axis,
    p: 2,
  });
}
