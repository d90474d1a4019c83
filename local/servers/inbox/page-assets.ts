/**
 * The files of the inbox's page: HTML, style, and the script bundled from `page/main.ts` on the first
 * request.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Asset {
  readonly contentType: string;
  readonly content: string;
}

export type AssetName = 'index.html' | 'style.css' | 'main.js';

/** Returns a reader of the page's files. It rejects when a file is missing or the script does not compile. */
export function pageAssets(): (name: AssetName) => Promise<Asset> {
  let script: Promise<string> | undefined;
  return async (name) => {
    switch (name) {
      case 'index.html':
        return { contentType: 'text/html; charset=utf-8', content: await readPageFile(name) };
      case 'style.css':
        return { contentType: 'text/css; charset=utf-8', content: await readPageFile(name) };
      case 'main.js':
        script ??= bundleScript();
        return { contentType: 'text/javascript; charset=utf-8', content: await script };
    }
  };
}

const readPageFile = (name: string): Promise<string> =>
  readFile(new URL(`./page/${name}`, import.meta.url), 'utf8');

async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page/main.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
