/**
 * Runs the CDK app as `cdk synth` runs it: a process of its own, told by the environment where to write. That
 * keeps the CDK's couple of hundred megabytes out of the local cloud, and `lib/` out of reach of `local/`. The
 * app also builds the functions' bundles and the web app, so what is served is always what the source says.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PUSH_CONTEXT } from './push-applications.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The stage's name heads every stack's, and so every local table's. */
const STAGE = 'Local';

/** Writes the cloud assembly into `outdir`. Throws what the app printed when it did not work out. */
export async function synthesise(outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const app = spawn(process.execPath, [join(ROOT, 'bin', 'aisle.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ stage: STAGE, ...PUSH_CONTEXT }),
      // The rules are for what is deployed, and cost seconds of every start; the tests and `cdk synth` hold them.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.on('error', reject).on('close', resolve);
  });
  if (code !== 0)
    throw new Error(`the CDK app did not synthesise:\n${Buffer.concat(said).toString().trim()}`);
}
