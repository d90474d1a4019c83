/**
 * One Lambda, named by its folder under functions/, with the house defaults said once.
 *
 * Its role starts with nothing but its own log group. A table, stream or queue is handed over with `uses`, which
 * sets the variable and the permission together: a function can reach exactly what it has been told about.
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

/** Under which CloudWatch keeps what the functions count themselves. */
export const METRICS_NAMESPACE = 'Aisle';

/** What the functions do with tables. One alone reads them from end to end: whoever is forgotten is searched for everywhere. */
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
  /** What the function does, in one line, for whoever finds it in the console. */
  readonly description: string;
  readonly timeout: Duration;
  /** Where the work is more than waiting for a table. */
  readonly memoryMb?: number;
}

/** Lambda gives CPU in step with memory; below this a cold start of these bundles takes over a second. */
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
      'X-Ray takes trace segments on no narrower resource.',
    );
  }

  /** Hands the function a table: its name in `variable`, and these actions on it and on nothing else. */
  usesTable(variable: EnvName, table: AisleTable, ...actions: readonly TableAction[]): this {
    this.addEnvironment(variable, table.tableName);
    const granted = actions.map((action) => `dynamodb:${action}`);
    this.may(table.tableArn, ...granted);
    if (actions.includes('Query')) {
      for (const name of table.indexNames) this.may(`${table.tableArn}/index/${name}`, 'dynamodb:Query');
    }
    return this;
  }

  /** Hands the function a stream to write to. */
  usesStream(variable: EnvName, stream: Stream): this {
    this.addEnvironment(variable, stream.streamName);
    return this.may(stream.streamArn, 'kinesis:PutRecords');
  }

  /** Hands the function a queue to send to. */
  usesQueue(variable: EnvName, queue: Queue): this {
    this.addEnvironment(variable, queue.queueUrl);
    return this.may(queue.queueArn, 'sqs:SendMessage');
  }

  /** Hands the function a collection of faces: its id in `variable`, and these actions on it. */
  usesCollection(variable: EnvName, collection: CfnCollection, ...actions: readonly string[]): this {
    this.addEnvironment(variable, collection.ref);
    return this.may(collection.attrArn, ...actions.map((action) => `rekognition:${action}`));
  }

  /** Hands the function a tracker of phones: its name in `variable`, and these actions on it. */
  usesTracker(variable: EnvName, tracker: CfnTracker, ...actions: readonly string[]): this {
    this.addEnvironment(variable, tracker.ref);
    return this.may(tracker.attrArn, ...actions.map((action) => `geo:${action}`));
  }

  may(arn: string, ...actions: readonly string[]): this {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [arn] }));
    return this;
  }
}

/** `count-events` → `CountEvents`. */
export function pascalCase(folder: string): string {
  return folder.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
