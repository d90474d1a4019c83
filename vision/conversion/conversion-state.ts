/**
 * State of one conversion: the TFLite net being read, the ONNX graph being written, and the ONNX name of each
 * tensor.
 */
import { INPUT_NAME, OnnxGraph } from '../onnx/graph.ts';
import { Constants } from '../tflite/constants.ts';
import type { Table } from '../tflite/flatbuffer.ts';
import type { TfliteModel, TfliteOperator } from '../tflite/model.ts';
import { operatorName } from '../tflite/operators.ts';

/** Codes of the activations that TFLite fuses into an operator (`ActivationFunctionType` of `schema.fbs`). */
const ACTIVATION = { none: 0, relu: 1, relu6: 3 } as const;

export class ConversionState {
  readonly model: TfliteModel;
  readonly constants: Constants;
  readonly graph = new OnnxGraph();
  /** Whether the input, and so every feature map, may have another size than the file declares. */
  readonly isInputOpen: boolean;
  readonly #names = new Map<number, string>();

  /** @throws Error where the net has another number of inputs than one. */
  constructor(model: TfliteModel, isInputOpen: boolean) {
    this.model = model;
    this.constants = new Constants(model);
    this.isInputOpen = isInputOpen;
    const [input] = model.inputs;
    if (input === undefined || model.inputs.length !== 1)
      throw new Error(`the converter requires one input, the net has ${model.inputs.length}`);
    const [batch = 1, height = 1, width = 1, channels = 1] = this.shape(input);
    this.#names.set(input, INPUT_NAME);
    if (!isInputOpen) this.graph.input(INPUT_NAME, [batch, channels, height, width]);
  }

  /** Returns a tensor's shape as the file declares it: NHWC where of rank 4. */
  shape(tensor: number): readonly number[] {
    return item(this.model.tensors, tensor).shape;
  }

  /**
   * Returns the ONNX name of a computed tensor.
   *
   * @throws Error where no operator has computed it yet.
   */
  name(tensor: number): string {
    const name = this.#names.get(tensor);
    if (name === undefined) throw new Error(`tensor ${tensor} is used before it is computed`);
    return name;
  }

  /** Registers a tensor as computed and returns its ONNX name. */
  define(tensor: number): string {
    const name = `tensor${tensor}`;
    this.#names.set(tensor, name);
    return name;
  }

  /** Returns a unique name for an intermediate value on the way to a tensor. */
  intermediate(tensor: number, suffix: string): string {
    return `tensor${tensor}${suffix}`;
  }

  /**
   * Writes an operator's result, followed by the activation that is fused into it.
   *
   * @param activation TFLite code.
   * @param compute writes the operator itself, with its output under the given name.
   * @throws Error where the activation is not supported.
   */
  activated(activation: number, output: number, compute: (name: string) => void): void {
    if (activation === ACTIVATION.none) {
      compute(this.define(output));
      return;
    }
    const plain = this.intermediate(output, 'plain');
    compute(plain);
    if (activation === ACTIVATION.relu) this.activate('relu', plain, this.define(output));
    else if (activation === ACTIVATION.relu6) this.activate('relu6', plain, this.define(output));
    else throw new Error(`fused activation ${activation} is not supported by the converter`);
  }

  /** Writes an activation from one ONNX value to another. */
  activate(activation: 'relu' | 'relu6', from: string, to: string): void {
    if (activation === 'relu') {
      this.graph.node('Relu', [from], to);
      return;
    }
    const [low, high] = [0, 6].map((bound) => this.graph.floats(Float32Array.of(bound), []));
    this.graph.node('Clip', [from, low ?? '', high ?? ''], to);
  }

  /** Returns the ONNX file, with the outputs named `output0`, `output1`, … */
  encoded(): Uint8Array {
    for (const [index, output] of this.model.outputs.entries()) {
      this.graph.node('Identity', [this.name(output)], `output${index}`);
      // Sizes follow from the input's, so only the rank is declared.
      const sides = this.shape(output).map((_, axis) => `output${index}side${axis}`);
      this.graph.output(`output${index}`, sides);
    }
    return this.graph.encoded();
  }
}

/**
 * Returns an operator's options.
 *
 * @throws Error where the file has none.
 */
export function optionsOf(operator: TfliteOperator): Table {
  if (operator.options === undefined) throw new Error(`${operatorName(operator.code)} has no options`);
  return operator.options;
}

/**
 * Returns one item of a list.
 *
 * @throws Error where the list is shorter: the net lacks a tensor, an axis or a constant that its operator
 *   requires.
 */
export function item<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`item ${index} is missing in a list of ${list.length} of the net`);
  return value;
}
