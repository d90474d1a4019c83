/** Stateful resources, which cannot be recreated from the source: tables, stream, queues, user pool, buckets. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resourcesOf, SUBJECTS, synthesised } from './synthesised.ts';

const dev = synthesised('Dev').templates;
const { aisle, templates: prod } = synthesised('Prod');

/** Types whose resources hold data, or are referred to by name from outside the stacks. */
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
  it('keep their logical ids, because a new id means a new and empty resource', () => {
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
    // These hold no data: they can be recreated from the source, under another address.
    expect(perishable.map(([id]) => id)).toEqual(['WebClient', 'Site', 'Api', 'Alarms']);
  });

  it('are deleted with their stack in other stages', () => {
    dev.Data.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
    dev.Data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});

describe('the tables', () => {
  it('are protected from deletion in production', () => {
    prod.Data.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
  });

  it('have point-in-time recovery, encryption and on-demand capacity in every stage', () => {
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

  it('expire cells, visitor days, faces and campaign rows, and never facts', () => {
    const expiring = Object.entries(resourcesOf(prod.Data, 'AWS::DynamoDB::Table'))
      .filter(([, { Properties }]) => 'TimeToLiveSpecification' in Properties)
      .map(([id, { Properties }]) => [id, Properties['TimeToLiveSpecification']]);
    const expiresAt = { AttributeName: 'expiresAt', Enabled: true };
    expect(expiring).toEqual(['Cells', 'Visits', 'Faces', 'Campaigns'].map((id) => [id, expiresAt]));
  });

  it('have indexes for visits by day and due time and for campaign rows by person, and no others', () => {
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
  it('are protected from accidental deletion', () => {
    const { data, ingest, figures, vision, engagement, web, monitoring } = aisle;
    const stacks = [data, ingest, figures, vision, engagement, web, monitoring];
    expect(stacks.map((stack) => stack.terminationProtection)).not.toContain(false);
  });
});
