/**
 * A small CDK app with one resource of each kind that the real app has, so that the tests read what the CDK
 * really writes: cross-stack imports, asset metadata, deployment-time helpers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigw from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  HttpUserPoolAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { KinesisEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as location from 'aws-cdk-lib/aws-location';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Synthesises the app into `outdir` and returns the assembly's directory. `extend` may add to the last stack.
 */
export function synthSmallChain(outdir: string, extend?: (web: Stack) => void): string {
  const bundles = join(outdir, 'bundles');
  const app = new App({ outdir: join(outdir, 'cdk.out'), analyticsReporting: false });

  const data = new Stack(app, 'Test-Aisle-Data');
  const cells = new dynamodb.Table(data, 'Cells', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expiresAt',
  });
  const facts = new dynamodb.TableV2(data, 'Facts', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
  });

  const ingest = new Stack(app, 'Test-Aisle-Ingest');
  const stream = new kinesis.Stream(ingest, 'Events', {
    streamMode: kinesis.StreamMode.ON_DEMAND,
    retentionPeriod: Duration.days(7),
  });
  const dead = new sqs.Queue(ingest, 'CellsChangedDead');
  const changed = new sqs.Queue(ingest, 'CellsChanged', {
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue: { queue: dead, maxReceiveCount: 8 },
    enforceSSL: true,
  });
  const notices = new sqs.Queue(ingest, 'DeadLetterNotices', { retentionPeriod: Duration.days(14) });
  const take = fn(ingest, 'IngestReceipts', bundles, { EVENTS_STREAM: stream.streamName });
  const fold = fn(ingest, 'CountEvents', bundles, {
    CELLS_TABLE: cells.tableName,
    FACTS_TABLE: facts.tableName,
    CHANGES_QUEUE_URL: changed.queueUrl,
    WHERE: `${Stack.of(ingest).region}/${Stack.of(ingest).account}/${stream.streamArn}`,
  });
  fold.addEventSource(
    new KinesisEventSource(stream, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 1000,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 8,
      parallelizationFactor: 1,
      onFailure: new SqsDlq(notices),
    }),
  );

  const figures = new Stack(app, 'Test-Aisle-Figures');
  const roll = fn(figures, 'RollUp', bundles, { CELLS_TABLE: cells.tableName });
  roll.addEventSource(
    new SqsEventSource(changed, {
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(1),
      reportBatchItemFailures: true,
      maxConcurrency: 2,
    }),
  );
  new events.Rule(figures, 'Hourly', {
    schedule: events.Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(roll, { event: events.RuleTargetInput.fromObject({ source: 'schedule' }) })],
  });
  new events.Rule(figures, 'Daily', {
    schedule: events.Schedule.rate(Duration.days(1)),
    targets: [new LambdaFunction(roll, { event: events.RuleTargetInput.fromObject({ source: 'daily' }) })],
  });
  const read = fn(figures, 'ReadFigures', bundles, {});

  const near = new Stack(app, 'Test-Aisle-Engagement');
  const tracker = new location.CfnTracker(near, 'Phones', {
    trackerName: 'Test-Phones',
    positionFiltering: 'AccuracyBased',
  });
  const fences = new location.CfnGeofenceCollection(near, 'Fences', { collectionName: 'Test-Fences' });
  new location.CfnTrackerConsumer(near, 'PhonesMeetFences', {
    trackerName: tracker.ref,
    consumerArn: fences.attrArn,
  });
  const greet = fn(
    near,
    'DecidePush',
    bundles,
    { TRACKER_NAME: tracker.trackerName, FENCE_COLLECTION: fences.ref },
    {
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(new sqs.Queue(near, 'NotGreeted')),
    },
  );
  new events.Rule(near, 'OnEnter', {
    eventPattern: {
      source: ['aws.geo'],
      detailType: ['Location Geofence Event'],
      detail: { EventType: ['ENTER'] },
    },
    targets: [
      new LambdaFunction(greet, {
        deadLetterQueue: new sqs.Queue(near, 'NotDelivered'),
        retryAttempts: 3,
        maxEventAge: Duration.hours(2),
      }),
    ],
  });

  const web = new Stack(app, 'Test-Aisle-Web');
  const pool = new cognito.UserPool(web, 'People');
  const client = pool.addClient('WebClient', { oAuth: { flows: { authorizationCodeGrant: true } } });
  new s3.Bucket(web, 'Site', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  new sns.Topic(web, 'Alarms');
  const authorize = fn(web, 'AuthorizeDevice', bundles, {});
  const api = new apigw.HttpApi(web, 'Api', {
    corsPreflight: {
      allowOrigins: ['https://aisle.example'],
      allowMethods: [apigw.CorsHttpMethod.GET, apigw.CorsHttpMethod.POST],
      allowHeaders: ['authorization', 'content-type'],
      maxAge: Duration.hours(1),
    },
    createDefaultStage: false,
  });
  new apigw.HttpStage(web, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: 50, burstLimit: 100 },
  });
  api.addRoutes({
    path: '/v1/receipts',
    methods: [apigw.HttpMethod.POST],
    integration: new HttpLambdaIntegration('Take', take),
    authorizer: new HttpLambdaAuthorizer('Devices', authorize, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.seconds(30),
    }),
  });
  api.addRoutes({
    path: '/v1/figures',
    methods: [apigw.HttpMethod.GET],
    integration: new HttpLambdaIntegration('Read', read),
    authorizer: new HttpUserPoolAuthorizer('People', pool, { userPoolClients: [client] }),
  });
  new CfnOutput(web, 'ApiUrl', { value: api.apiEndpoint });
  extend?.(web);

  return app.synth().directory;
}

function fn(
  scope: Construct,
  id: string,
  bundles: string,
  environment: Record<string, string>,
  more: Partial<lambda.FunctionProps> = {},
): lambda.Function {
  const folder = id.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
  const bundle = join(bundles, folder);
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), `${handlerOf(folder)}\n`);
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(bundle),
    timeout: Duration.seconds(20),
    memorySize: 512,
    environment: { POWERTOOLS_SERVICE_NAME: folder, ...environment },
    ...more,
  });
}

/** Returns a handler that prints its event and responds with its folder. */
function handlerOf(folder: string): string {
  const answer = folder === 'authorize-device' ? '{ isAuthorized: true, context: {} }' : `'${folder}'`;
  return `export const handler = async (event) => { console.log(JSON.stringify(event)); return ${answer}; };`;
}
