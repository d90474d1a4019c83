/**
 * Bundles all Lambdas in one esbuild pass: functions/<folder>/handler.ts → dist/functions/<folder>/index.mjs.
 *
 * One pass takes about a second; one bundling construct per function would add half a minute to each synthesis. The CDK
 * app deploys these folders and the local cloud runs them: the same bytes in both. Run it as `node lib/bundle.ts`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { numberPlans } from './number-plans.ts';

const ROOT = join(import.meta.dirname, '..');

/** The folder of the bundles, one subfolder per function. */
export const BUNDLES_DIR = join(ROOT, 'dist', 'functions');

/** CommonJS packages in an ESM bundle still call `require` for Node's own modules, and ESM has none. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * The SDK's other sources of credentials. Lambda always sets credentials in the environment, so these are never loaded;
 * leaving them out saves a fifth of each bundle.
 */
const UNUSED_CREDENTIAL_PROVIDERS = ['sso', 'ini', 'process', 'web-identity'].map(
  (from) => `@aws-sdk/credential-provider-${from}`,
);

export interface Bundles {
  readonly folders: readonly string[];
  /** esbuild's list of inputs per bundle; the size budget reports it. */
  readonly metafile: Metafile;
}

/** Returns the folders under functions/ that contain a handler, sorted. */
export function functionFolders(): string[] {
  return readdirSync(join(ROOT, 'functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(handlerOf(entry.name)))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Bundles every function.
 *
 * @throws with esbuild's message, and writes nothing, where one of them does not compile
 */
export async function bundleFunctions(outdir: string = BUNDLES_DIR): Promise<Bundles> {
  const folders = functionFolders();
  const { metafile } = await build({
    entryPoints: folders.map((folder) => ({ in: handlerOf(folder), out: join(folder, 'index') })),
    outdir,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    external: UNUSED_CREDENTIAL_PROVIDERS,
    minify: true,
    sourcemap: true,
    // The map resolves line numbers; including the sources would triple the upload.
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: REQUIRE_BANNER },
    plugins: [numberPlans],
    // Prefer ES modules where a package offers both forms: esbuild can tree-shake them.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  deleteStaleBundles(outdir, folders);
  return { folders, metafile };
}

/** Deletes the bundles of functions that no longer exist, so that these are not deployed again. */
function deleteStaleBundles(outdir: string, folders: readonly string[]): void {
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
