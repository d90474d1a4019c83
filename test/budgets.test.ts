/**
 * A bundle is what a cold start must read before the first receipt is taken, so its size is bounded: 400 kB with one
 * AWS client, 50 kB for each further one, and 45 kB for the law packs: a refusal names its rule and source.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '#lib/bundle.ts';

const BUNDLE_BYTES_MAX = 400_000;
const FURTHER_CLIENT_BYTES_MAX = 50_000;
const LAW_BYTES_MAX = 45_000;

const ROOT = join(import.meta.dirname, '..');
const outdir = mkdtempSync(join(tmpdir(), 'aisle-bundles-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const { folders, metafile } = await bundleFunctions(outdir);

/** The size of a function's bundle, and the AWS clients in it. */
function measure(folder: string): { bytes: number; clients: string[]; hasLaw: boolean } {
  const path = relative(ROOT, join(outdir, folder, 'index.mjs'));
  const output = metafile.outputs[path];
  if (output === undefined) throw new Error(`no bundle of ${folder} at ${path}`);
  const clients = Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([input]) => /node_modules\/@aws-sdk\/(client-[^/]+)\//.exec(input)?.[1] ?? []);
  const hasLaw = Object.entries(output.inputs).some(
    ([input, { bytesInOutput }]) => bytesInOutput > 0 && input.startsWith('domain/law/packs/'),
  );
  return { bytes: output.bytes, clients: [...new Set(clients)], hasLaw };
}

describe('the bundle of', () => {
  it.each(folders)('%s keeps within its budget', (folder) => {
    const { bytes, clients, hasLaw } = measure(folder);
    const furtherClients = Math.max(0, clients.length - 1);
    expect(bytes, `with ${clients.join(', ')}`).toBeLessThanOrEqual(
      BUNDLE_BYTES_MAX + furtherClients * FURTHER_CLIENT_BYTES_MAX + (hasLaw ? LAW_BYTES_MAX : 0),
    );
  });
});
