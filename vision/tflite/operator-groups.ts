/**
 * Finds groups of operators that onnxruntime computes much faster as one.
 *
 * Expanded PReLU: TensorFlow 1 had no PReLU operator, so MobileFaceNet's file has relu(x) + α·(x − |x|)·½,
 * six passes over memory.
 *
 * Widening residual: where a block of BlazeFace has more channels than the one before, it adds pad(x) to its
 * convolution. onnxruntime adds at no cost while it convolves, in its blocked layout, but cannot pad there.
 * Since only the first channels have anything to add, the convolution is split: one part with x added, one
 * without, side by side.
 */
import type { Constants } from './constants.ts';
import type { TfliteModel, TfliteOperator } from './model.ts';
import { OPERATOR } from './operators.ts';

export interface ExpandedPrelu {
  /** Number of the input tensor. */
  readonly input: number;
  /** α, one per channel. */
  readonly slope: Float32Array;
  /** Number of the output tensor. */
  readonly output: number;
}

export interface WideningResidual {
  readonly input: number;
  readonly convolution: TfliteOperator;
  /** Whether a RELU follows the sum. */
  readonly isRectified: boolean;
  readonly output: number;
}

export type OperatorGroup =
  | { readonly prelu: ExpandedPrelu }
  | { readonly widening: WideningResidual }
  | 'part';

interface Match {
  readonly group: Exclude<OperatorGroup, 'part'>;
  /** Indices of all operators of the group; the group replaces the last of them to run. */
  readonly operators: readonly number[];
  readonly last: number;
}

/** Returns, by operator index, the whole group (at its last operator) or 'part' (at the others). */
export function groupOperators(model: TfliteModel, constants: Constants): Map<number, OperatorGroup> {
  const groups = new Map<number, OperatorGroup>();
  const matcher = new GroupMatcher(model, constants);
  for (const [index, operator] of model.operators.entries()) {
    if (operator.code !== OPERATOR.ADD) continue;
    const match = matcher.wideningResidual(index, operator) ?? matcher.expandedPrelu(index, operator);
    if (match === undefined) continue;
    for (const part of match.operators) groups.set(part, 'part');
    groups.set(match.last, match.group);
  }
  return groups;
}

class GroupMatcher {
  readonly #model: TfliteModel;
  readonly #constants: Constants;
  /** Tensor → index of the operator that computes it. */
  readonly #producers: ReadonlyMap<number, number>;
  /** Tensor → number of operators that read it. */
  readonly #readers = new Map<number, number>();

  constructor(model: TfliteModel, constants: Constants) {
    this.#model = model;
    this.#constants = constants;
    this.#producers = new Map(
      model.operators.flatMap(({ outputs }, index) => outputs.map((output) => [output, index])),
    );
    for (const { inputs } of model.operators)
      for (const input of inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
  }

  /** Matches add(pad(x), conv(y)) and the RELU after it, where the padding only appends channels. */
  wideningResidual(index: number, add: TfliteOperator): Match | undefined {
    const padding = this.#soleProducer(add.inputs[0], OPERATOR.PAD);
    const convolution = this.#soleProducer(add.inputs[1], OPERATOR.CONV_2D);
    if (padding === undefined || convolution === undefined) return undefined;
    if (!appendsChannelsOnly(this.#constants.ints(padding.operator.inputs[1] ?? -1))) return undefined;
    const [sum = -1] = add.outputs;
    const relu = this.#model.operators.findIndex(
      ({ code, inputs }) => code === OPERATOR.RELU && inputs[0] === sum,
    );
    const isRectified = relu >= 0 && this.#readers.get(sum) === 1;
    const last = isRectified ? relu : index;
    const input = padding.operator.inputs[0] ?? -1;
    const output = this.#model.operators[last]?.outputs[0] ?? -1;
    return {
      group: { widening: { input, convolution: convolution.operator, isRectified, output } },
      operators: [padding.index, convolution.index, index],
      last,
    };
  }

  /**
   * Matches add(relu(x), mul(mul(α, sub(x, abs(x))), ½)), with the factors of each product in either order.
   */
  expandedPrelu(index: number, add: TfliteOperator): Match | undefined {
    const relu = this.#soleProducer(add.inputs[0], OPERATOR.RELU);
    const halving = this.#soleProducer(add.inputs[1], OPERATOR.MUL);
    const half = halving && this.#factors(halving.operator);
    if (relu === undefined || halving === undefined) return undefined;
    if (half?.constant.length !== 1 || half.constant[0] !== 0.5) return undefined;
    const scaling = this.#soleProducer(half.other, OPERATOR.MUL);
    const slope = scaling && this.#factors(scaling.operator);
    const difference = this.#soleProducer(slope?.other, OPERATOR.SUB);
    const absolute = this.#soleProducer(difference?.operator.inputs[1], OPERATOR.ABS);
    if (scaling === undefined || slope === undefined || difference === undefined || absolute === undefined)
      return undefined;
    const input = relu.operator.inputs[0] ?? -1;
    if (difference.operator.inputs[0] !== input || absolute.operator.inputs[0] !== input) return undefined;
    return {
      group: { prelu: { input, slope: slope.constant, output: add.outputs[0] ?? -1 } },
      operators: [relu, halving, scaling, difference, absolute].map((part) => part.index),
      last: index,
    };
  }

  /**
   * Returns the operator that computes a tensor, if it has the code, no fused activation and one reader of
   * its result.
   */
  #soleProducer(
    tensor: number | undefined,
    code: number,
  ): { readonly operator: TfliteOperator; readonly index: number } | undefined {
    const index = tensor === undefined ? undefined : this.#producers.get(tensor);
    const operator = index === undefined ? undefined : this.#model.operators[index];
    if (index === undefined || operator?.code !== code) return undefined;
    if (this.#readers.get(tensor ?? -1) !== 1) return undefined;
    const activation = operator.options?.byte(code === OPERATOR.CONV_2D ? 3 : 0) ?? 0;
    return activation === 0 ? { operator, index } : undefined;
  }

  /** Returns the constant and the other factor of a product, if one of the two is constant. */
  #factors({
    inputs: [a = -1, b = -1],
  }: TfliteOperator): { constant: Float32Array; other: number } | undefined {
    if (this.#constants.has(a)) return { constant: this.#constants.floats(a), other: b };
    if (this.#constants.has(b)) return { constant: this.#constants.floats(b), other: a };
    return undefined;
  }
}

/** Whether a padding of rank 4 adds nothing except after the last channel. */
function appendsChannelsOnly(pairs: readonly number[]): boolean {
  return pairs.length === 8 && pairs.slice(0, 7).every((count) => count === 0);
}
