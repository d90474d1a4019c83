/**
 * The whole CDK app, as a function: the command line, the tests and the local cloud all make it here.
 *
 * Nothing is looked up in an account and no account is named, so a synthesis needs neither a network nor keys.
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
 * Every flag the pinned library recommends is on but one: stacks refer to each other by CloudFormation exports,
 * which refuse to remove a table or a queue while another stack still needs it.
 */
const FLAGS_OURS = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

export interface SynthOptions {
  /** One capitalised word. Left out: the context's `stage` (`cdk synth -c stage=Prod`), or else `Dev`. */
  readonly stage?: string;
  /** The directory of the cloud assembly. Left out: where the CDK command wants it, or a new temporary directory. */
  readonly outdir?: string;
  /** Further CDK context. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What the stacks upload. Left out: what was built, and an error where something is missing. */
  readonly assets?: Assets;
  /**
   * Whether the templates are held against the rules of cdk-nag and CloudFormation's own, which takes some seconds.
   * Left out: they are, unless CDK_VALIDATION=false says otherwise, as the CDK itself has it. A test holds them too,
   * so whoever only reads the templates may do without.
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

/** Declares every stack of one stage, and writes nothing yet. */
export function declareAisle(options: SynthOptions = {}): Aisle {
  const app = new App({
    context: { ...FLAGS, ...FLAGS_OURS, ...options.context },
    analyticsReporting: false,
    builtinCloudFormationValidation: isChecked(options),
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  const stage = parseStage(options.stage ?? app.node.tryGetContext('stage') ?? STAGE_DEFAULT);
  const shared = { stage, assets: options.assets ?? builtAssets };
  const data = new DataStack(app, shared);
  const ingest = new IngestStack(app, { ...shared, data });
  const figures = new FiguresStack(app, { ...shared, data, ingest });
  const vision = new VisionStack(app, { ...shared, data, ingest });
  const engagement = new EngagementStack(app, { ...shared, data, ingest, vision });
  const web = new WebStack(app, { ...shared, ingest, figures, vision, engagement });
  const monitoring = new MonitoringStack(app, { ...shared, data, ingest, figures, vision, engagement, web });
  return { app, data, ingest, figures, vision, engagement, web, monitoring };
}

/**
 * Writes the cloud assembly: `<outdir>/<Stage>-Aisle-<Subject>.template.json` for each stack. Throws where a rule
 * is broken without an argument.
 */
export function synth(options: SynthOptions = {}): CloudAssembly {
  const { app } = declareAisle(options);
  if (isChecked(options)) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app.synth();
}

function isChecked({ checked }: SynthOptions): boolean {
  return checked ?? process.env['CDK_VALIDATION'] !== 'false';
}
