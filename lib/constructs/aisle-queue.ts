/**
 * A queue with the queue its failures go to: encrypted, refusing plain HTTP, with bounded deliveries.
 *
 * Without a bound, one message that cannot be handled is delivered every few minutes for ever and hides in the
 * noise it makes.
 */
import { Duration } from 'aws-cdk-lib';
import { type CfnQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { AisleStack } from './aisle-stack.ts';

export interface AisleQueueProps {
  readonly visibilityTimeout: Duration;
  /** Left out: four days, as SQS has it. */
  readonly retention?: Duration;
}

/** Enough to outlast a deployment or a throttled minute; what fails eight times fails for a reason. */
const RECEIVES_MAX = 8;

/** SQS keeps a message no longer than this: two weeks for somebody to come back from a holiday. */
const DEAD_RETENTION = Duration.days(14);

export class AisleQueue extends Queue {
  readonly dead: Queue;

  constructor(scope: AisleStack, id: string, { visibilityTimeout, retention }: AisleQueueProps) {
    const dead = new Queue(scope, `${id}Dead`, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_RETENTION,
      removalPolicy: scope.removalPolicy,
    });
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout,
      deadLetterQueue: { queue: dead, maxReceiveCount: RECEIVES_MAX },
      removalPolicy: scope.removalPolicy,
      ...(retention === undefined ? {} : { retentionPeriod: retention }),
    });
    this.dead = dead;
    (this.node.defaultChild as CfnQueue).overrideLogicalId(id);
    (dead.node.defaultChild as CfnQueue).overrideLogicalId(`${id}Dead`);
  }
}
