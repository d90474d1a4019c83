/** The CDK app: builds what is uploaded, then declares the stacks. `npx cdk synth`, `npx cdk deploy --all -c stage=Prod`. */
import { synth } from '#lib/app.ts';
import { buildWebApp } from '#lib/build-web.ts';
import { bundleFunctions } from '#lib/bundle.ts';

await bundleFunctions();
await buildWebApp();
synth();
