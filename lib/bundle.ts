/**
 * Every Lambda's bundle, in one esbuild pass: functions/<folder>/handler.ts → dist/functions/<folder>/index.mjs.
 *
 * One pass over all of them takes about a second, where one bundling construct per function costs half a minute
 * a synthesis. The CDK app deploys these folders and the local cloud runs them: the same bytes in both.
 * Run it as `node lib/bundle.ts`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { numberPlans } from './number-plans.ts';

const ROOT = join(import.meta.dirname, '..');

/** Where the bundles are, one folder per function. */
export const BUNDLES_DIR = join(ROOT, 'dist', 'functions');

/**
 * CommonJS packages inside an ESM bundle still call `require` for Node's own modules, and ESM has none.
 */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Where else the SDK would look for credentials, if the environment had none. Lambda always puts them there, so
 * these are never loaded: a fifth of each bundle, left out.
 */
const NEVER_ASKED = ['sso', 'ini', 'process', 'web-identity'].map(
  (from) => `@aws-sdk/credential-provider-${from}`,
);

export interface Bundles {
  readonly folders: readonly string[];
  /** esbuild's account of what went into each bundle, which the size budget explains itself with. */
  readonly metafile: Metafile;
}

/** The folders under functions/ that hold a handler, in the order of the alphabet. */
export function functionFolders(): string[] {
  return readdirSync(join(ROOT, 'functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(handlerOf(entry.name)))
    .map((entry) => entry.name)
    .sort();
}

/** Bundles every function, or writes nothing and throws esbuild's message when one of them does not compile. */
export async function bundleFunctions(outdir: string = BUNDLES_DIR): Promise<Bundles> {
  const folders = functionFolders();
  const { metafile } = await build({
    entryPoints: folders.map((folder) => ({ in: handlerOf(folder), out: join(folder, 'index') })),
    outdir,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    external: NEVER_ASKED,
    minify: true,
    sourcemap: true,
    // The map resolves line numbers; the sources themselves would triple the upload.
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: REQUIRE_BANNER },
    plugins: [numberPlans],
    // Packages that offer both forms are taken as ES modules, which esbuild can shake.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  forgetRemovedFunctions(outdir, folders);
  return { folders, metafile };
}

/** A function that was deleted must not live on in dist/ and be deployed again. */
function forgetRemovedFunctions(outdir: string, folders: readonly string[]): void {
  if (!existsSync(outdir)) return;
  for (const name of readdirSync(outdir)) {
    if (!folders.includes(name)) rmSync(join(outdir, name), { recursive: true });
  }
}

function handlerOf(folder: string): string {
  return join(ROOT, 'functions', folder, 'handler.ts');
}

if (import.meta.main) {
  const { folders } = await bundleFunctions();
  console.log(`Bundled ${folders.length} functions into dist/functions: ${folders.join(', ')}`);
}
