/**
 * Reads what the CDK really synthesises: the small chain has one resource of each kind that the real app has.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloudDescription } from '#local/template/description.ts';
import { readAssembly } from '#local/template/read-assembly.ts';
import { synthSmallChain } from './small-chain.ts';

const ADDRESSES = {
  sqsUrl: 'http://127.0.0.1:9324',
  apiUrl: 'http://127.0.0.1:4280',
  issuer: 'http://127.0.0.1:4280/oidc',
  clientId: 'aisle-web',
};

const scratch = mkdtempSync(join(tmpdir(), 'aisle-template-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a description read from a cloud assembly', () => {
  let cloud: CloudDescription;
  beforeAll(() => {
    cloud = readAssembly(synthSmallChain(join(scratch, 'chain')), ADDRESSES);
  });

  const functionIn = (folder: string) => {
    const found = cloud.functions.find((candidate) => candidate.folder === folder);
    if (!found) throw new Error(`no function ${folder}`);
    return found;
  };

  const queueNamed = (name: string) => cloud.queues.find(({ queueName }) => queueName.includes(name));

  it('contains each function of the app and none that only serves the deployment', () => {
    expect(cloud.functions.map(({ folder }) => folder).sort()).toEqual([
      'authorize-device',
      'count-events',
      'decide-push',
      'ingest-receipts',
      'read-figures',
      'roll-up',
    ]);
  });

  it('contains the path of a function’s staged code', () => {
    const { assetPath, handler } = functionIn('count-events');
    expect(handler).toBe('index.handler');
    expect(readFileSync(join(assetPath, 'index.mjs'), 'utf8')).toContain("'count-events'");
  });

  it('contains a function’s limits with their units', () => {
    expect(functionIn('count-events')).toMatchObject({ timeoutMs: 20_000, memoryMb: 512 });
  });

  it('resolves tables, streams and queues in a function’s environment, across stacks too', () => {
    const [cells, facts] = cloud.tables;
    const changed = cloud.queues.find(({ queueName }) => /CellsChanged(?!Dead)/.test(queueName));
    expect(functionIn('count-events').env).toMatchObject({
      CELLS_TABLE: cells?.tableName,
      FACTS_TABLE: facts?.tableName,
      CHANGES_QUEUE_URL: changed?.url,
      WHERE: `us-east-1/000000000000/${cloud.streams[0]?.arn}`,
    });
    expect(functionIn('ingest-receipts').env['EVENTS_STREAM']).toBe(cloud.streams[0]?.streamName);
  });

  it('names resources after their stack and logical id, so that a restart finds them', () => {
    expect(cloud.tables[0]?.tableName).toMatch(/^Test-Aisle-Data-Cells[0-9A-F]{8}$/);
  });

  it('contains tables with their keys and their TTL attribute', () => {
    expect(cloud.tables[0]).toMatchObject({
      keySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      attributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      ttlAttribute: 'expiresAt',
    });
    expect(cloud.tables[1]).not.toHaveProperty('ttlAttribute');
  });

  it('contains the on-demand stream with its retention', () => {
    expect(cloud.streams[0]?.retentionHours).toBe(168);
    expect(cloud.streams[0]).not.toHaveProperty('shardCount');
  });

  it('contains queues with the attributes of CreateQueue, the redrive policy by ARN', () => {
    const dead = cloud.queues.find(({ queueName }) => queueName.includes('CellsChangedDead'));
    const changed = cloud.queues.find(({ queueName }) => /CellsChanged(?!Dead)/.test(queueName));
    expect(changed?.attributes['VisibilityTimeout']).toBe('180');
    expect(JSON.parse(changed?.attributes['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: dead?.arn,
      maxReceiveCount: 8,
    });
  });

  it('contains the stream mapping as the template declares it', () => {
    expect(cloud.mappings.find(({ kind }) => kind === 'kinesis')).toMatchObject({
      functionName: functionIn('count-events').name,
      streamName: cloud.streams[0]?.streamName,
      batchSize: 1000,
      batchingWindowMs: 0,
      startingPosition: 'TRIM_HORIZON',
      bisectOnError: true,
      reportBatchItemFailures: true,
      retriesMax: 8,
      parallelizationFactor: 1,
      onFailureQueueArn: cloud.queues.find(({ queueName }) => queueName.includes('DeadLetterNotices'))?.arn,
    });
    expect(cloud.mappings.find(({ kind }) => kind === 'kinesis')).not.toHaveProperty('recordAgeMaxMs');
  });

  it('contains the queue mapping as the template declares it', () => {
    expect(cloud.mappings.find(({ kind }) => kind === 'sqs')).toMatchObject({
      functionName: functionIn('roll-up').name,
      batchSize: 1000,
      batchingWindowMs: 1000,
      reportBatchItemFailures: true,
      concurrencyMax: 2,
    });
  });

  it('contains schedules with their constant input', () => {
    expect(cloud.schedules).toMatchObject([
      { expression: 'rate(1 hour)', enabled: true, targets: [{ input: { source: 'schedule' } }] },
      { expression: 'rate(1 day)', enabled: true, targets: [{ input: { source: 'daily' } }] },
    ]);
  });

  it('contains event rules with their targets, retries and dead-letter queues', () => {
    expect(cloud.eventRules).toEqual([
      {
        name: expect.stringMatching(/^Test-Aisle-Engagement-OnEnter[0-9A-F]{8}$/),
        arn: `arn:aws:events:us-east-1:000000000000:rule/${cloud.eventRules[0]?.name}`,
        pattern: {
          source: ['aws.geo'],
          'detail-type': ['Location Geofence Event'],
          detail: { EventType: ['ENTER'] },
        },
        enabled: true,
        targets: [
          {
            functionName: functionIn('decide-push').name,
            functionArn: functionIn('decide-push').arn,
            retriesMax: 3,
            eventAgeMsMax: 7_200_000,
            deadLetterQueueUrl: queueNamed('NotDelivered')?.url,
          },
        ],
      },
    ]);
  });

  it('contains the retries and the on-failure queue of asynchronous invocations', () => {
    expect(cloud.eventInvokeConfigs).toEqual([
      {
        functionName: functionIn('decide-push').name,
        functionArn: functionIn('decide-push').arn,
        retriesMax: 1,
        eventAgeMsMax: 3_600_000,
        onFailureQueueUrl: queueNamed('NotGreeted')?.url,
      },
    ]);
  });

  it('contains the tracker, the geofence collection and the link between them', () => {
    expect(cloud.trackers).toEqual([
      {
        logicalId: 'Phones',
        trackerName: 'Test-Phones',
        arn: 'arn:aws:geo:us-east-1:000000000000:tracker/Test-Phones',
        positionFiltering: 'AccuracyBased',
        publishesPositions: false,
      },
    ]);
    const [fences] = cloud.fenceCollections;
    expect(fences).toMatchObject({
      collectionName: 'Test-Fences',
      arn: 'arn:aws:geo:us-east-1:000000000000:geofence-collection/Test-Fences',
    });
    expect(cloud.trackerConsumers).toEqual([{ trackerName: 'Test-Phones', consumerArn: fences?.arn }]);
    expect(functionIn('decide-push').env).toMatchObject({
      TRACKER_NAME: 'Test-Phones',
      FENCE_COLLECTION: 'Test-Fences',
    });
  });

  it('contains each route with its function and its authorizer', () => {
    const routes = cloud.httpApis[0]?.routes;
    expect(routes?.find(({ routeKey }) => routeKey === 'POST /v1/receipts')).toMatchObject({
      functionName: functionIn('ingest-receipts').name,
      authorizer: {
        kind: 'lambda',
        functionName: functionIn('authorize-device').name,
        identitySources: ['$request.header.Authorization'],
        ttlMs: 30_000,
      },
    });
    expect(routes?.find(({ routeKey }) => routeKey === 'GET /v1/figures')).toMatchObject({
      authorizer: { kind: 'jwt', issuer: ADDRESSES.issuer, audience: ['aisle-web'] },
    });
  });

  it('contains the stage’s throttle and the API’s CORS', () => {
    expect(cloud.httpApis[0]).toMatchObject({
      stage: '$default',
      throttle: { ratePerSecond: 50, burst: 100 },
      cors: { allowOrigins: ['https://aisle.example'], maxAgeSeconds: 3600 },
    });
  });
});

describe('a template that cannot run locally', () => {
  // The default child of the construct is the resource of the template.
  const fnOf = (web: Stack) => web.node.findChild('AuthorizeDevice').node.defaultChild as lambda.CfnFunction;

  it('is rejected with the name of a resource of an unknown type', () => {
    const dir = synthSmallChain(join(scratch, 'unknown-type'), (web) => {
      new CfnResource(web, 'Unknown', { type: 'AWS::IoT::Thing' });
    });
    expect(() => readAssembly(dir, ADDRESSES)).toThrow(/AWS::IoT::Thing {2}Test-Aisle-Web\/Unknown/);
  });

  it.each<[string, RegExp, (web: Stack) => void]>([
    [
      'a rule that targets a queue',
      /ToQueue\w*: no local function is arn:aws:sqs/,
      (web) =>
        new events.Rule(web, 'ToQueue', {
          eventPattern: { source: ['aws.geo'] },
          targets: [new SqsQueue(new sqs.Queue(web, 'Target'))],
        }),
    ],
    [
      'a rule of another event bus',
      /OtherBus[\s\S]*only the default event bus/,
      (web) =>
        new events.CfnRule(web, 'OtherBus', {
          eventBusName: 'chain',
          eventPattern: { source: ['aws.geo'] },
        }),
    ],
    [
      'a destination that is no queue of the template',
      /Elsewhere[\s\S]*no local queue is arn:aws:sqs:eu-west-1/,
      (web) =>
        new lambda.CfnEventInvokeConfig(web, 'Elsewhere', {
          functionName: fnOf(web).ref,
          qualifier: '$LATEST',
          destinationConfig: { onFailure: { destination: 'arn:aws:sqs:eu-west-1:000000000000:far' } },
        }),
    ],
    [
      'an on-success destination',
      /OnSuccess[\s\S]*on-success destination is not run locally/,
      (web) =>
        new lambda.CfnEventInvokeConfig(web, 'OnSuccess', {
          functionName: fnOf(web).ref,
          qualifier: '$LATEST',
          destinationConfig: { onSuccess: { destination: 'arn:aws:sqs:us-east-1:000000000000:done' } },
        }),
    ],
  ])('is rejected with the name of %s', (what, why, extend) => {
    const dir = synthSmallChain(join(scratch, what.replaceAll(' ', '-')), extend);
    expect(() => readAssembly(dir, ADDRESSES)).toThrow(why);
  });
});
