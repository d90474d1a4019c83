/** The base of every stack: a stage, the assets it uploads, and a name made of stage and subject. */
import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Assets } from '../assets.ts';
import { isProd, removalPolicy, type Stage } from '../stage.ts';

export interface AisleStackProps {
  readonly stage: Stage;
  readonly assets: Assets;
}

export class AisleStack extends Stack {
  readonly stage: Stage;
  readonly assets: Assets;

  constructor(scope: Construct, subject: string, { stage, assets }: AisleStackProps, description: string) {
    super(scope, `${stage}-Aisle-${subject}`, { description, terminationProtection: isProd(stage) });
    this.stage = stage;
    this.assets = assets;
  }

  get isProd(): boolean {
    return isProd(this.stage);
  }

  get removalPolicy(): RemovalPolicy {
    return removalPolicy(this.stage);
  }
}
