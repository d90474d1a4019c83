import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import examples from 'libphonenumber-js/mobile/examples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { numberPlans } from '#lib/number-plans.ts';

const BUNDLE_BYTES_MAX = 75_000;

let folder: string;
let bundled: typeof toE164;
let bytes: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-plans-'));
  const outfile = join(folder, 'phone-number.mjs');
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../domain/people/customers/phone-number.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    plugins: [numberPlans],
    metafile: true,
  });
  bytes = Object.values(metafile.outputs)[0]?.bytes ?? Number.POSITIVE_INFINITY;
  ({ toE164: bundled } = (await import(outfile)) as { toE164: typeof toE164 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const countries = Object.keys(examples);

/** Examples end in 12345678, which is what people type who give no number. */
const withOtherEnd = (national: string): string =>
  `${national.slice(0, -1)}${(Number(national.at(-1)) + 1) % 10}`;

describe('a bundle without number formats', () => {
  it('has two thirds of the size', () => {
    expect(bytes).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('parses a number of every country like the full library', () => {
    expect(countries.length).toBeGreaterThan(200);
    for (const [country, example] of Object.entries(examples)) {
      const national = withOtherEnd(example);
      const e164 = toE164(national, country);
      expect(e164, country).toMatch(/^\+/);
      expect(bundled(national, country), country).toBe(e164);
      expect(bundled(e164 ?? '', undefined), country).toBe(e164);
    }
  });

  it('parses any digits of any country like the full library', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^(\+|00|0|1)?\d{3,15}$/),
        fc.constantFrom(...countries),
        (text, country) => {
          expect(bundled(text, country)).toBe(toE164(text, country));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
