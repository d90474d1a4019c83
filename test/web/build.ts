/** The web app, built as it is deployed, into a folder of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..', 'web');

export interface BuiltWeb {
  readonly dir: string;
  remove(): void;
}

export async function builtWeb(): Promise<BuiltWeb> {
  const dir = mkdtempSync(join(tmpdir(), 'aisle-web-'));
  await build({ root: ROOT, logLevel: 'error', mode: 'production', build: { outDir: dir, emptyOutDir: true } });
  return { dir, remove: () => rmSync(dir, { recursive: true }) };
}
