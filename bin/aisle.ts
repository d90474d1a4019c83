/** The CDK app: builds what is uploaded, then declares the stacks. `npx cdk synth`, `npx cdk deploy --all -c stage=Prod`. */
import { synth } from '#lib/app.ts';
import { buildWebApp } from '#lib/build-web.ts';
import { bundleFunctions } from '#lib/bundle.ts';

// Set by whoever has just built both, and starts several clouds on them.
if (process.env['AISLE_BUILT'] !== '1') {
  await bundleFunctions();
  await buildWebApp();
}
synth();
