/**
 * What the stacks upload: a bundle per function and the built web app.
 *
 * A deployment uses what was built and fails where a build is missing. Reading or testing a template needs neither
 * esbuild nor vite, so it uses placeholders; these never reach an account, because the CDK command uses built assets only.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { BUNDLES_DIR } from './bundle.ts';

const ROOT = join(import.meta.dirname, '..');

/** The output of vite. */
const WEB_DIST_DIR = join(ROOT, 'dist', 'web');

export interface Assets {
  functionCode(folder: string): Code;
  webApp(): ISource;
}

/** The assets of a deployment. Each method throws where its build is missing. */
export const builtAssets: Assets = {
  functionCode(folder) {
    mustExist(join(BUNDLES_DIR, folder, 'index.mjs'), `the bundle of functions/${folder}`);
    return Code.fromAsset(join(BUNDLES_DIR, folder));
  },
  webApp() {
    mustExist(join(WEB_DIST_DIR, 'index.html'), 'the web app');
    return Source.asset(WEB_DIST_DIR);
  },
};

/** Assets for templates that are read and never deployed. */
export const placeholderAssets: Assets = {
  functionCode: () => Code.fromInline("throw new Error('synthesised without bundles: not for deployment');"),
  webApp: () => Source.data('index.html', '<!doctype html><title>Aisle</title>'),
};

function mustExist(path: string, what: string): void {
  if (!existsSync(path)) throw new Error(`${what} is missing at ${path}: run \`npm run build\` first`);
}
