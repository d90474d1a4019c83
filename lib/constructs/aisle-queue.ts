/**
 * A queue with its dead-letter queue: encrypted, HTTPS only, with a bounded number of deliveries.
 *
 * Without the bound, a message that cannot be processed would be delivered again until its retention ends.
 */
import { Duration } from 'aws-cdk-lib';
import { type CfnQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { AisleStack } from './aisle-stack.ts';

export interface AisleQueueProps {
  readonly visibilityTimeout: Duration;
  /** Default: four days, as in SQS. */
  readonly retention?: Duration;
}

/** Enough to outlast a deployment or a throttled minute; a message that fails eight times is faulty. */
const RECEIVES_MAX = 8;

/** The longest retention of SQS. */
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
