/** The CDK app: builds the assets, then synthesises the stacks. `npx cdk synth`, `npx cdk deploy --all -c stage=Prod`. */
import { synth } from '#lib/app.ts';
import { buildWebApp } from '#lib/build-web.ts';
import { bundleFunctions } from '#lib/bundle.ts';

// Set by callers that have just built both and start several clouds from them.
if (process.env['AISLE_BUILT'] !== '1') {
  await bundleFunctions();
  await buildWebApp();
}
synth();
