import { describe, expect, it } from 'vitest';
import { convertTflite } from '#vision/convert.ts';
import { MODELS, readModel } from '#vision/models.ts';
import { openNet } from '#vision/net.ts';
import { tinyNet } from './tiny-net.ts';

async function run(model: Uint8Array, input: number[], shape: number[]): Promise<number[]> {
  const net = await openNet(convertTflite(model));
  const [output] = await net.run(Float32Array.from(input), shape);
  await net.close();
  return Array.from(output ?? []);
}

const FOUR_BY_FOUR = Array.from({ length: 16 }, (_, at) => at + 1);

describe('a converted net', () => {
  it('pads a stride of two at the end, as TensorFlow does', async () => {
    // All nine weights one: each output is the sum of a window, which reaches over the edge only below and on the right.
    const model = tinyNet({
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

  it('keeps positive numbers and bends negative ones, however the rectifier is written', async () => {
    const model = tinyNet({
      code: 54,
      input: [1, 1, 2, 2],
      output: [1, 1, 2, 2],
      weights: [1, 1, 2],
      fill: 0.25,
    });
    expect(await run(model, [1, -2, 3, -4], [1, 2, 1, 2])).toEqual([1, -0.5, 3, -1]);
  });

  it('puts channels last again where the shape is flattened', async () => {
    const model = tinyNet({ code: 22, input: [1, 2, 2, 2], output: [1, 8] });
    // Planes 1–4 and 5–8 become pairs.
    expect(await run(model, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2])).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
  });

  it('says the same at another input size, where it sees the same', async () => {
    const model = readModel(MODELS.blazeFace);
    const small = await openNet(convertTflite(model));
    const wide = await openNet(convertTflite(model, { size: { width: 320, height: 192 } }));
    const grey = (width: number) => new Float32Array(3 * width * 192).fill(0.1);
    const [, first = []] = await small.run(grey(192), [1, 3, 192, 192]);
    const [, second = []] = await wide.run(grey(320), [1, 3, 192, 320]);
    expect(first).toHaveLength(48 * 48);
    expect(second).toHaveLength(80 * 48);
    // In the upper left corner both see the same edges; the far ones hardly reach there.
    for (const place of [0, 1, 2]) expect(second[place]).toBeCloseTo(first[place] ?? Number.NaN, 1);
    await small.close();
    await wide.close();
  });
});

describe('a net that cannot be converted', () => {
  it('is refused by the name of its operator', () => {
    const net = (code: number) => tinyNet({ code, input: [1, 2, 2, 1], output: [1, 2, 2, 1] });
    expect(() => convertTflite(net(14))).toThrow('LOGISTIC is not known');
    expect(() => convertTflite(net(124))).toThrow('DENSIFY is not known');
    expect(() => convertTflite(net(99))).toThrow('operator 99 is not known');
  });

  it('is refused where it is no net at all', () => {
    expect(() => convertTflite(Buffer.from('not a net of any kind'))).toThrow('not a TensorFlow Lite file');
  });
});
