/**
 * Finds groups of operators that are one thing to the runtime, and much cheaper so.
 *
 * Rectifiers spelled out: TensorFlow 1 had no PReLU, so MobileFaceNet says relu(x) + α·(x − |x|)·½, six passes
 * over memory.
 *
 * Widening residuals: where a block of BlazeFace has more channels than the one before, it adds pad(x) to its
 * convolution. onnxruntime adds for free while convolving, in its blocked layout, but cannot pad there. Yet
 * only the first channels have anything to add, so the convolution can be cut in two: one with x added, one
 * without, side by side.
 */
import type { Constants } from './constants.ts';
import type { TfliteModel, TfliteOperator } from './model.ts';
import { OPERATOR } from './operators.ts';

export interface SpelledPrelu {
  readonly input: number;
  readonly slope: Float32Array;
  readonly output: number;
}

export interface Widening {
  readonly input: number;
  readonly convolution: TfliteOperator;
  readonly isRectified: boolean;
  readonly output: number;
}

type Group = { readonly prelu: SpelledPrelu } | { readonly widening: Widening } | 'part';

/** Operator number → the whole group (at its last operator) or 'part' (at those before). */
export function groupsOf(model: TfliteModel, constants: Constants): Map<number, Group> {
  const found = new Map<number, Group>();
  const maker = new Map(
    model.operators.flatMap((operator, at) => operator.outputs.map((output) => [output, at])),
  );
  const users = new Map<number, number>();
  for (const { inputs } of model.operators)
    for (const input of inputs) users.set(input, (users.get(input) ?? 0) + 1);

  /** The operator that computed a tensor, where it has the code, nothing fused in, and nobody else reads its result. */
  const made = (tensor: number | undefined, code: number): [TfliteOperator, number] | undefined => {
    const at = tensor === undefined ? undefined : maker.get(tensor);
    const operator = at === undefined ? undefined : model.operators[at];
    if (at === undefined || operator?.code !== code || users.get(tensor ?? -1) !== 1) return undefined;
    const activation = operator.options?.byte(code === OPERATOR.CONV_2D ? 3 : 0) ?? 0;
    return activation === 0 ? [operator, at] : undefined;
  };
  /** A product's constant and its other factor. */
  const factors = ({ inputs: [a = -1, b = -1] }: TfliteOperator) =>
    constants.has(a)
      ? { constant: constants.floats(a), other: b }
      : constants.has(b)
        ? { constant: constants.floats(b), other: a }
        : undefined;

  for (const [at, add] of model.operators.entries()) {
    if (add.code !== OPERATOR.ADD) continue;
    const padding = made(add.inputs[0], OPERATOR.PAD);
    const convolution = made(add.inputs[1], OPERATOR.CONV_2D);
    if (
      padding !== undefined &&
      convolution !== undefined &&
      widensOnly(constants.ints(padding[0].inputs[1] ?? -1))
    ) {
      const next = model.operators.findIndex(
        ({ code, inputs }) => code === OPERATOR.RELU && inputs[0] === add.outputs[0],
      );
      const isRectified = next >= 0 && users.get(add.outputs[0] ?? -1) === 1;
      const last = isRectified ? next : at;
      for (const part of [padding[1], convolution[1], at]) found.set(part, 'part');
      const input = padding[0].inputs[0] ?? -1;
      const output = model.operators[last]?.outputs[0] ?? -1;
      found.set(last, { widening: { input, convolution: convolution[0], isRectified, output } });
      continue;
    }
    const relu = made(add.inputs[0], OPERATOR.RELU);
    const halving = made(add.inputs[1], OPERATOR.MUL);
    const half = halving && factors(halving[0]);
    if (
      relu === undefined ||
      halving === undefined ||
      half?.constant.length !== 1 ||
      half.constant[0] !== 0.5
    )
      continue;
    const scaling = made(half.other, OPERATOR.MUL);
    const slope = scaling && factors(scaling[0]);
    const difference = made(slope?.other, OPERATOR.SUB);
    const absolute = made(difference?.[0].inputs[1], OPERATOR.ABS);
    const input = relu[0].inputs[0] ?? -1;
    if (slope === undefined || difference === undefined || absolute === undefined) continue;
    if (difference[0].inputs[0] !== input || absolute[0].inputs[0] !== input) continue;
    for (const [, part] of [relu, halving, scaling, difference, absolute].filter(
      (step) => step !== undefined,
    ))
      found.set(part, 'part');
    found.set(at, { prelu: { input, slope: slope.constant, output: add.outputs[0] ?? -1 } });
  }
  return found;
}

/** Nothing is put anywhere but after the last channel. */
function widensOnly(pairs: readonly number[]): boolean {
  return pairs.length === 8 && pairs.slice(0, 7).every((count) => count === 0);
}
