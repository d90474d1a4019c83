/** Converts operators that work on single values, or on the channels of one position. */
import type { TfliteOperator } from '../tflite/model.ts';
import { type ConversionState, item } from './conversion-state.ts';

/**
 * Writes ADD, SUB or MUL of two tensors, or of a tensor and a constant per channel.
 *
 * @throws Error where the constant has a value per position.
 */
export function arithmetic(
  state: ConversionState,
  operator: TfliteOperator,
  name: 'Add' | 'Sub' | 'Mul',
): void {
  const { constants, graph } = state;
  const output = item(operator.outputs, 0);
  const rank = state.shape(output).length;
  const inputs = operator.inputs.map((tensor) => {
    if (!constants.has(tensor)) return state.name(tensor);
    const values = constants.floats(tensor);
    if (values.length !== 1 && state.shape(tensor).length !== 1)
      throw new Error(`${name} with a constant per position is not supported by the converter`);
    return graph.floats(values, rank === 4 ? [1, values.length, 1, 1] : [values.length]);
  });
  state.activated(operator.options?.byte(0) ?? 0, output, (result) => graph.node(name, inputs, result));
}

/** Writes ABS. */
export function absolute(state: ConversionState, { inputs, outputs }: TfliteOperator): void {
  state.graph.node('Abs', [state.name(item(inputs, 0))], state.define(item(outputs, 0)));
}

/** Writes RELU or RELU6. */
export function activation(
  state: ConversionState,
  { inputs, outputs }: TfliteOperator,
  kind: 'relu' | 'relu6',
): void {
  state.activate(kind, state.name(item(inputs, 0)), state.define(item(outputs, 0)));
}

/**
 * Writes a PReLU as α·x + (1 − α)·relu(x), both products being depthwise 1×1 convolutions: onnxruntime has no
 * PRelu in its blocked layout, and the plain one, with a transposition before and after, took longer than all
 * convolutions of a net.
 *
 * @param slope α, one per channel.
 * @throws Error where the slope has another length.
 */
export function prelu(state: ConversionState, input: number, slope: Float32Array, output: number): void {
  const { graph } = state;
  const channels = item(state.shape(input), 3);
  if (slope.length !== channels)
    throw new Error('PRELU with a slope per position is not supported by the converter');
  const scale = (from: string, factors: Float32Array, to: string) =>
    graph.node('Conv', [from, graph.floats(factors, [channels, 1, 1, 1])], to, {
      kernel_shape: [1, 1],
      group: channels,
    });
  const [positive, upper, lower] = [
    state.intermediate(output, 'positive'),
    state.intermediate(output, 'upper'),
    state.intermediate(output, 'lower'),
  ];
  graph.node('Relu', [state.name(input)], positive);
  const complement = slope.map((value) => 1 - value);
  scale(positive, complement, upper);
  scale(state.name(input), slope, lower);
  graph.node('Add', [lower, upper], state.define(output));
}

/** Writes L2_NORMALIZATION over the channels. */
export function l2Normalization(state: ConversionState, { inputs, outputs }: TfliteOperator): void {
  const input = item(inputs, 0);
  const axis = state.shape(input).length === 4 ? 1 : -1;
  state.graph.node('LpNormalization', [state.name(input)], state.define(item(outputs, 0)), { axis, p: 2 });
}
