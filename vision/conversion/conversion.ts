/**
 * A conversion under way: the net that is read, the graph that is written, and which of its values stands for
 * which tensor.
 */
import { OnnxGraph } from '../onnx/graph.ts';
import { Constants } from '../tflite/constants.ts';
import type { Table } from '../tflite/flatbuffer.ts';
import type { TfliteModel, TfliteOperator } from '../tflite/model.ts';
import { operatorName } from '../tflite/operators.ts';

/** Activations that TFLite fuses into an operator, by the codes of `schema.fbs`. */
const ACTIVATION = { none: 0, relu: 1, relu6: 3 } as const;

export class Conversion {
  readonly model: TfliteModel;
  readonly constants: Constants;
  readonly graph = new OnnxGraph();
  /** The input has another size than the file says, and so has every picture in the net. */
  readonly isResized: boolean;
  readonly #names = new Map<number, string>();

  constructor(model: TfliteModel, size: { readonly width: number; readonly height: number } | undefined) {
    this.model = model;
    this.constants = new Constants(model);
    this.isResized = size !== undefined;
    const [input] = model.inputs;
    if (input === undefined || model.inputs.length !== 1) throw new Error('a net with one input is wanted');
    const [batch = 1, height = 1, width = 1, channels = 1] = this.shape(input);
    this.#names.set(input, 'input');
    this.graph.input('input', [batch, channels, size?.height ?? height, size?.width ?? width]);
  }

  /** As the file has it: NHWC where of rank 4. */
  shape(tensor: number): readonly number[] {
    return item(this.model.tensors, tensor).shape;
  }

  /** The name of a tensor that was computed. */
  name(tensor: number): string {
    const name = this.#names.get(tensor);
    if (name === undefined) throw new Error(`tensor ${tensor} is used before it is computed`);
    return name;
  }

  /** The name under which a tensor is now computed. */
  define(tensor: number): string {
    const name = `tensor${tensor}`;
    this.#names.set(tensor, name);
    return name;
  }

  /** A name for something on the way to a tensor. */
  between(tensor: number, what: string): string {
    return `tensor${tensor}${what}`;
  }

  /** Computes a tensor, then the activation that was fused into its operator. */
  activated(activation: number, output: number, compute: (name: string) => void): void {
    if (activation === ACTIVATION.none) {
      compute(this.define(output));
      return;
    }
    const plain = this.between(output, 'plain');
    compute(plain);
    if (activation === ACTIVATION.relu) this.activate('relu', plain, this.define(output));
    else if (activation === ACTIVATION.relu6) this.activate('relu6', plain, this.define(output));
    else throw new Error(`fused activation ${activation} is not known to the converter`);
  }

  activate(activation: 'relu' | 'relu6', from: string, to: string): void {
    if (activation === 'relu') {
      this.graph.node('Relu', [from], to);
      return;
    }
    const [least, most] = [0, 6].map((bound) => this.graph.floats(Float32Array.of(bound), []));
    this.graph.node('Clip', [from, least ?? '', most ?? ''], to);
  }

  encoded(): Uint8Array {
    for (const [at, output] of this.model.outputs.entries()) {
      this.graph.node('Identity', [this.name(output)], `output${at}`);
      // Sizes follow from the input's, so only how many there are is told.
      const sides = this.shape(output).map((_, axis) => `output${at}side${axis}`);
      this.graph.output(`output${at}`, sides);
    }
    return this.graph.encoded();
  }
}

export function optionsOf(operator: TfliteOperator): Table {
  if (operator.options === undefined)
    throw new Error(`${operatorName(operator.code)} comes without its options`);
  return operator.options;
}

/** @throws Error where the net lacks what every net of its kind has. */
export function item<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`the net has ${list.length} where number ${index} is wanted`);
  return found;
}
