/**
 * The whole CDK app as a function, called by the command line, the tests and the local cloud.
 *
 * The stacks are environment-agnostic and look nothing up, so a synthesis needs neither a network nor credentials.
 */
import { App, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import FLAGS from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { type Assets, builtAssets } from './assets.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EngagementStack } from './stacks/engagement-stack.ts';
import { FiguresStack } from './stacks/figures-stack.ts';
import { IngestStack } from './stacks/ingest-stack.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import { VisionStack } from './stacks/vision-stack.ts';
import { WebStack } from './stacks/web-stack.ts';
import { parseStage, STAGE_DEFAULT } from './stage.ts';

/**
 * The one exception to the flags that the pinned library recommends: stacks refer to each other by CloudFormation exports,
 * which prevent the removal of a table or queue while another stack still uses it.
 */
const FLAG_OVERRIDES = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

export interface SynthOptions {
  /** One capitalised word. Default: the context's `stage` (`cdk synth -c stage=Prod`), or else `Dev`. */
  readonly stage?: string;
  /** The directory of the cloud assembly. Default: the one the CDK command sets, or a new temporary directory. */
  readonly outdir?: string;
  /** Further CDK context. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What the stacks upload. Default: what was built; a missing build is an error. */
  readonly assets?: Assets;
  /**
   * Whether the templates are validated against cdk-nag and CloudFormation's own rules, which takes some seconds.
   * Default: yes, unless CDK_VALIDATION=false. A test validates them too, so callers that only read the templates may skip it.
   */
  readonly checked?: boolean;
}

export interface Aisle {
  readonly app: App;
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly figures: FiguresStack;
  readonly vision: VisionStack;
  readonly engagement: EngagementStack;
  readonly web: WebStack;
  readonly monitoring: MonitoringStack;
}

/** Declares every stack of one stage; writes nothing. */
export function declareAisle(options: SynthOptions = {}): Aisle {
  const app = new App({
    context: { ...FLAGS, ...FLAG_OVERRIDES, ...options.context },
    analyticsReporting: false,
    builtinCloudFormationValidation: isChecked(options),
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  const stage = parseStage(options.stage ?? app.node.tryGetContext('stage') ?? STAGE_DEFAULT);
  const common = { stage, assets: options.assets ?? builtAssets };
  const data = new DataStack(app, common);
  const ingest = new IngestStack(app, { ...common, data });
  const figures = new FiguresStack(app, { ...common, data, ingest });
  const vision = new VisionStack(app, { ...common, data, ingest });
  const engagement = new EngagementStack(app, { ...common, data, ingest, vision });
  const web = new WebStack(app, { ...common, ingest, figures, vision, engagement });
  const monitoring = new MonitoringStack(app, { ...common, data, ingest, figures, vision, engagement, web });
  return { app, data, ingest, figures, vision, engagement, web, monitoring };
}

/**
 * Writes the cloud assembly: `<outdir>/<Stage>-Aisle-<Subject>.template.json` for each stack.
 *
 * @throws where a template breaks a rule that is not acknowledged with a reason
 */
export function synth(options: SynthOptions = {}): CloudAssembly {
  const { app } = declareAisle(options);
  if (isChecked(options)) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app.synth();
}

function isChecked({ checked }: SynthOptions): boolean {
  return checked ?? process.env['CDK_VALIDATION'] !== 'false';
}
