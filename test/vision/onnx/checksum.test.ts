import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertTflite } from '#vision/conversion/convert-tflite.ts';
import { openNet } from '#vision/nets/net.ts';
import { hasValidChecksum, withChecksum } from '#vision/onnx/checksum.ts';
import { tinyTflite } from '../support/tiny-tflite.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('the checksum of an ONNX file', () => {
  it('is valid for every content, and invalid once a byte differs or is missing', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, position, difference) => {
        const file = withChecksum(content);
        expect(hasValidChecksum(file)).toBe(true);
        const changed = Uint8Array.from(file);
        const index = position % file.length;
        changed[index] = (changed[index] ?? 0) ^ difference;
        expect(hasValidChecksum(changed)).toBe(false);
        expect(hasValidChecksum(file.subarray(0, index))).toBe(false);
      }),
    );
  });

  it('is invalid for bytes without one', () => {
    fc.assert(fc.property(bytes, (content) => !hasValidChecksum(content)));
  });

  it('leaves the file readable for onnxruntime', async () => {
    const model = convertTflite(tinyTflite({ code: 19, input: [1, 1, 2, 1], output: [1, 1, 2, 1] }));
    const net = await openNet(withChecksum(model));
    expect(await net.run(Float32Array.of(-1, 2), [1, 1, 1, 2])).toEqual([Float32Array.of(0, 2)]);
    await net.close();
  });
});
