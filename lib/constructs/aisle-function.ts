/**
 * One Lambda, named by its folder under functions/, with the defaults of all functions.
 *
 * Its role starts with nothing but its own log group. Each `uses…` method sets an environment variable and the matching
 * permission together, so a function can reach exactly the resources it has the names of.
 */
import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import {
  Architecture,
  type CfnFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { CfnTracker } from 'aws-cdk-lib/aws-location';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnCollection } from 'aws-cdk-lib/aws-rekognition';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { EnvName } from '#contracts/env.ts';
import type { AisleStack } from './aisle-stack.ts';
import type { AisleTable } from './aisle-table.ts';
import { LOG_RETENTION, logGroupName } from './logs.ts';
import { acknowledge } from './nag.ts';

/** The CloudWatch namespace of the metrics that functions emit. */
export const METRICS_NAMESPACE = 'Aisle';

/** The DynamoDB actions that functions use. Only `erase-person` scans. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Scan';

export interface AisleFunctionProps {
  /** The folder under functions/; the construct takes the same name in PascalCase. */
  readonly folder: string;
  /** What the function does, in one line; shown in the AWS console. */
  readonly description: string;
  readonly timeout: Duration;
  /** Set where the function computes more than it waits. Default: 512. */
  readonly memoryMb?: number;
}

/** Lambda assigns CPU in proportion to memory; below this a cold start of these bundles takes over a second. */
const MEMORY_MB = 512;

export class AisleFunction extends LambdaFunction {
  readonly folder: string;

  constructor(scope: AisleStack, { folder, description, timeout, memoryMb }: AisleFunctionProps) {
    const id = pascalCase(folder);
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: logGroupName(scope.stage, folder),
      retention: LOG_RETENTION,
      removalPolicy: scope.removalPolicy,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: scope.assets.functionCode(folder),
      memorySize: memoryMb ?? MEMORY_MB,
      timeout,
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      environment: {
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    this.folder = folder;
    (this.node.defaultChild as CfnFunction).overrideLogicalId(id);
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray accepts trace segments on no narrower resource.',
    );
  }

  /** Grants these actions on a table and its indexes, and sets `variable` to its name. */
  usesTable(variable: EnvName, table: AisleTable, ...actions: readonly TableAction[]): this {
    this.addEnvironment(variable, table.tableName);
    const granted = actions.map((action) => `dynamodb:${action}`);
    this.may(table.tableArn, ...granted);
    if (actions.includes('Query')) {
      for (const name of table.indexNames) this.may(`${table.tableArn}/index/${name}`, 'dynamodb:Query');
    }
    return this;
  }

  /** Grants writing to a stream, and sets `variable` to its name. */
  usesStream(variable: EnvName, stream: Stream): this {
    this.addEnvironment(variable, stream.streamName);
    return this.may(stream.streamArn, 'kinesis:PutRecords');
  }

  /** Grants sending to a queue, and sets `variable` to its URL. */
  usesQueue(variable: EnvName, queue: Queue): this {
    this.addEnvironment(variable, queue.queueUrl);
    return this.may(queue.queueArn, 'sqs:SendMessage');
  }

  /** Grants these actions on a face collection, and sets `variable` to its id. */
  usesCollection(variable: EnvName, collection: CfnCollection, ...actions: readonly string[]): this {
    this.addEnvironment(variable, collection.ref);
    return this.may(collection.attrArn, ...actions.map((action) => `rekognition:${action}`));
  }

  /** Grants these actions on a tracker, and sets `variable` to its name. */
  usesTracker(variable: EnvName, tracker: CfnTracker, ...actions: readonly string[]): this {
    this.addEnvironment(variable, tracker.ref);
    return this.may(tracker.attrArn, ...actions.map((action) => `geo:${action}`));
  }

  /** Grants these actions on one resource. */
  may(arn: string, ...actions: readonly string[]): this {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [arn] }));
    return this;
  }
}

/** Converts a folder name to a construct id: `count-events` → `CountEvents`. */
export function pascalCase(folder: string): string {
  return folder.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
