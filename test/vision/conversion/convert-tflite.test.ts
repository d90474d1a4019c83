import { describe, expect, it } from 'vitest';
import { convertTflite } from '#vision/conversion/convert-tflite.ts';
import { openNet } from '#vision/nets/net.ts';
import { readSourceNet, SOURCE_NETS } from '#vision/nets/source-nets.ts';
import { declareInput } from '#vision/onnx/graph.ts';
import { tinyTflite } from '../support/tiny-tflite.ts';

async function run(model: Uint8Array, input: number[], shape: number[]): Promise<number[]> {
  const net = await openNet(convertTflite(model));
  const [output] = await net.run(Float32Array.from(input), shape);
  await net.close();
  return Array.from(output ?? []);
}

const FOUR_BY_FOUR = Array.from({ length: 16 }, (_, index) => index + 1);

describe('convertTflite', () => {
  it('pads a stride of two at the end, as TensorFlow does', async () => {
    // All nine weights are 1: each output is the sum of a window, which reaches over the edge only below and
    // on the right.
    const model = tinyTflite({
      code: 3,
      input: [1, 4, 4, 1],
      output: [1, 2, 2, 1],
      weights: [1, 3, 3, 1],
      stride: 2,
    });
    const sum = (rows: number[], columns: number[]) =>
      rows.flatMap((y) => columns.map((x) => 4 * y + x + 1)).reduce((total, value) => total + value, 0);
    expect(await run(model, FOUR_BY_FOUR, [1, 1, 4, 4])).toEqual([
      sum([0, 1, 2], [0, 1, 2]),
      sum([0, 1, 2], [2, 3]),
      sum([2, 3], [0, 1, 2]),
      sum([2, 3], [2, 3]),
    ]);
  });

  it('keeps positive values of a PReLU and scales negative ones by its slope', async () => {
    const model = tinyTflite({
      code: 54,
      input: [1, 1, 2, 2],
      output: [1, 1, 2, 2],
      weights: [1, 1, 2],
      fill: 0.25,
    });
    expect(await run(model, [1, -2, 3, -4], [1, 2, 1, 2])).toEqual([1, -0.5, 3, -1]);
  });

  it('moves channels last before a shape is flattened', async () => {
    const model = tinyTflite({ code: 22, input: [1, 2, 2, 2], output: [1, 8] });
    // The planes 1–4 and 5–8 become pairs.
    expect(await run(model, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2])).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
  });

  it('computes the same with an open input size, at the size of the file', async () => {
    const model = readSourceNet(SOURCE_NETS.blazeFace);
    const open = convertTflite(model, { inputSize: 'open' });
    const shape = [1, 3, 192, 192];
    const fixedNet = await openNet(convertTflite(model));
    const openedNet = await openNet(declareInput(open, shape));
    const input = Float32Array.from({ length: 3 * 192 * 192 }, (_, index) => Math.sin(index));
    expect(await openedNet.run(input, shape)).toEqual(await fixedNet.run(input, shape));
    await fixedNet.close();
    await openedNet.close();
  });

  it('computes the same at another input size, where the pixels are the same', async () => {
    const model = convertTflite(readSourceNet(SOURCE_NETS.blazeFace), { inputSize: 'open' });
    const small = await openNet(declareInput(model, [1, 3, 192, 192]));
    const wide = await openNet(declareInput(model, [1, 3, 192, 320]));
    const grey = (width: number) => new Float32Array(3 * width * 192).fill(0.1);
    const [, first = []] = await small.run(grey(192), [1, 3, 192, 192]);
    const [, second = []] = await wide.run(grey(320), [1, 3, 192, 320]);
    expect(first).toHaveLength(48 * 48);
    expect(second).toHaveLength(80 * 48);
    // In the upper left corner both have the same edges; the far ones have little influence there.
    for (const cell of [0, 1, 2]) expect(second[cell]).toBeCloseTo(first[cell] ?? Number.NaN, 1);
    await small.close();
    await wide.close();
  });

  it('rejects an unsupported operator with its name', () => {
    const net = (code: number) => tinyTflite({ code, input: [1, 2, 2, 1], output: [1, 2, 2, 1] });
    expect(() => convertTflite(net(14))).toThrow('LOGISTIC is not supported');
    expect(() => convertTflite(net(124))).toThrow('DENSIFY is not supported');
    expect(() => convertTflite(net(99))).toThrow('operator 99 is not supported');
  });

  it('rejects bytes that are not a TensorFlow Lite file', () => {
    expect(() => convertTflite(Buffer.from('not a net of any kind'))).toThrow('not a TensorFlow Lite file');
  });
});
