/** Alarms and the dashboard: what tells the people who run Aisle before a shop has to. */
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';

export class WatchStack extends AisleStack {
  constructor(scope: Construct, props: AisleStackProps) {
    super(scope, 'Watch', props, 'Aisle: alarms and the dashboard');
    new Topic(this, 'Alarms', { enforceSSL: true });
  }
}
