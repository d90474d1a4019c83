/**
 * Runs the CDK app as `cdk synth` does: in a process of its own, with the output folder in its environment.
 * That keeps the CDK's few hundred megabytes out of the local cloud, and `lib/` out of the imports of
 * `local/`. The app also builds the functions' bundles and the web app, so the local cloud always serves the
 * current source.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PUSH_CONTEXT } from './push-applications.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The stage's name is the prefix of every stack's, and so of every local table's. */
const STAGE = 'Local';

/** Writes the cloud assembly into `outdir`. Rejects with the app's output where the synthesis fails. */
export async function synthesise(outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const app = spawn(process.execPath, [join(ROOT, 'bin', 'cdk-app.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ stage: STAGE, ...PUSH_CONTEXT }),
      // Validation takes seconds of every start and concerns deployments only; the tests and `cdk synth` run
      // it.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.on('error', reject).on('close', resolve);
  });
  if (code !== 0)
    throw new Error(`the CDK app did not synthesise:\n${Buffer.concat(output).toString().trim()}`);
}
