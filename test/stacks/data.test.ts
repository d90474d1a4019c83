/** What must hold of everything that cannot be made again: the tables, the stream, the queues, the pool, the buckets. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resourcesOf, SUBJECTS, synthesised } from './synthesised.ts';

const dev = synthesised('Dev').templates;
const { aisle, templates: prod } = synthesised('Prod');

/** Types whose resources hold something, or are known by name to somebody outside the stacks. */
const STATEFUL_TYPES = [
  'AWS::DynamoDB::Table',
  'AWS::Kinesis::Stream',
  'AWS::SQS::Queue',
  'AWS::Rekognition::Collection',
  'AWS::Location::Tracker',
  'AWS::Location::GeofenceCollection',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::S3::Bucket',
  'AWS::CloudFront::Distribution',
  'AWS::ApiGatewayV2::Api',
  'AWS::SNS::Topic',
];

describe('stateful resources', () => {
  it('keep their logical ids for ever, since a new id means a new and empty resource', () => {
    const ids = SUBJECTS.map((subject) => [
      subject,
      STATEFUL_TYPES.flatMap((type) => Object.keys(resourcesOf(dev[subject], type))),
    ]);
    expect(Object.fromEntries(ids)).toEqual({
      Data: ['Chain', 'Devices', 'Facts', 'Cells', 'Visits', 'Faces', 'People', 'Campaigns', 'DeadLetters'],
      Ingest: [
        'Events',
        'CellsChangedDead',
        'CellsChanged',
        'ProductsChangedDead',
        'ProductsChanged',
        'DeadLetterNoticesDead',
        'DeadLetterNotices',
      ],
      Figures: [],
      Vision: ['FramesToCheckDead', 'FramesToCheck', 'KnownFaces'],
      Engagement: [
        'PushDecisionDeadLettersDead',
        'PushDecisionDeadLetters',
        'ErasuresDead',
        'Erasures',
        'Phones',
        'Fences',
      ],
      Web: ['Staff', 'WebClient', 'ViewerLogs', 'WebFiles', 'Site', 'Api'],
      Monitoring: ['Alarms'],
    });
  });

  it('have the same logical ids in every stage', () => {
    for (const subject of SUBJECTS) {
      for (const type of STATEFUL_TYPES) {
        expect(Object.keys(resourcesOf(prod[subject], type))).toEqual(
          Object.keys(resourcesOf(dev[subject], type)),
        );
      }
    }
  });

  it('outlive their stack in production', () => {
    const perishable = STATEFUL_TYPES.flatMap((type) =>
      SUBJECTS.flatMap((subject) => Object.entries(resourcesOf(prod[subject], type))),
    ).filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'Retain');
    // These hold nothing: they can be made again from the source, if under another address.
    expect(perishable.map(([id]) => id)).toEqual(['WebClient', 'Site', 'Api', 'Alarms']);
  });

  it('go with their stack elsewhere', () => {
    dev.Data.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
    dev.Data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});

describe('the tables', () => {
  it('are protected from deletion in production', () => {
    prod.Data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
  });

  it('can be restored to any second, are encrypted, and are paid per request, in every stage', () => {
    for (const { Data } of [dev, prod]) {
      Data.allResourcesProperties('AWS::DynamoDB::Table', {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: Match.absent(),
      });
    }
  });

  it('let cells expire, and facts never', () => {
    const expiring = Object.entries(resourcesOf(prod.Data, 'AWS::DynamoDB::Table'))
      .filter(([, { Properties }]) => 'TimeToLiveSpecification' in Properties)
      .map(([id, { Properties }]) => [id, Properties['TimeToLiveSpecification']]);
    const expiresAt = { AttributeName: 'expiresAt', Enabled: true };
    expect(expiring).toEqual(['Cells', 'Visits', 'Faces', 'Campaigns'].map((id) => [id, expiresAt]));
  });

  it('are read by their keys alone, but for visits, also by day and when they are due, and moments, also by person', () => {
    const indexed = Object.entries(resourcesOf(prod.Data, 'AWS::DynamoDB::Table'))
      .filter(([, { Properties }]) => 'GlobalSecondaryIndexes' in Properties)
      .map(([id, { Properties }]) => [
        id,
        (Properties['GlobalSecondaryIndexes'] as { IndexName: string }[]).map(({ IndexName }) => IndexName),
      ]);
    expect(indexed).toEqual([
      ['Visits', ['ByStoreDay', 'Due']],
      ['Campaigns', ['ByPerson']],
    ]);
  });
});

describe('the production stacks', () => {
  it('cannot be deleted by a slip of the hand', () => {
    const { data, ingest, figures, vision, engagement, web, monitoring } = aisle;
    const stacks = [data, ingest, figures, vision, engagement, web, monitoring];
    expect(stacks.map((stack) => stack.terminationProtection)).not.toContain(false);
  });
});
