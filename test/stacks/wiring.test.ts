/** The wiring in the templates: routes, event sources, schedules, environment and permissions of each function. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { pointsAt, pointsAtAll, resourcesOf, synthesised } from './synthesised.ts';

const { Ingest, Figures, Vision, Engagement, Web, ...others } = synthesised('Dev').templates;

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Returns each role's permissions on data: resource → actions; without logs and traces, which every role has. */
function digest(template: Template): Record<string, Record<string, string>> {
  const digests: Record<string, Record<string, string>> = {};
  for (const { Properties } of Object.values(resourcesOf(template, 'AWS::IAM::Policy'))) {
    const role = pointsAt((Properties['Roles'] as unknown[])[0]).replace(/Role[0-9A-F]{8}$/, '');
    if (role.startsWith('Custom')) continue;
    const actions: Record<string, string> = {};
    for (const { Action, Resource } of (Properties['PolicyDocument'] as { Statement: Statement[] })
      .Statement) {
      const named = [Action]
        .flat()
        .map((action) => action.replace(/^(dynamodb|geo|kinesis|rekognition|sns|sqs):/, ''));
      if (named.every((action) => /^(logs|xray):/.test(action))) continue;
      for (const id of pointsAtAll(Resource))
        actions[id] = [actions[id] ?? [], named].flat().sort().join(' ');
    }
    digests[role] = actions;
  }
  return digests;
}

/** The permissions of functions that process pictures. */
const PICTURES = {
  Faces: 'BatchGetItem DeleteItem GetItem PutItem Query UpdateItem',
  FramesToCheck: 'SendMessage',
  KnownFaces:
    'AssociateFaces CreateUser DeleteFaces DeleteUser DisassociateFaces IndexFaces ListFaces SearchFaces SearchUsers',
};

/** Functions that change customers also complete interrupted changes. */
const WRITING_PEOPLE = 'DeleteItem GetItem PutItem Query';

/** X-Ray accepts no narrower resource than `*`, like the endpoints of phones, so both are in one entry. */
const TRACING = 'xray:PutTelemetryRecords xray:PutTraceSegments';

/** The environment of functions that process pictures. */
const PICTURE_NAMES = {
  FACES_TABLE: 'Faces',
  COLLECTION_ID: 'KnownFaces',
  FRAMES_QUEUE_URL: 'FramesToCheck',
};

describe('each function', () => {
  it('has exactly the permissions that it needs', () => {
    expect({ ...digest(Ingest), ...digest(Figures), ...digest(Vision), ...digest(Engagement) }).toEqual({
      AuthorizeDevice: { Devices: 'GetItem' },
      IngestReceipts: { Chain: 'GetItem', Events: 'PutRecords' },
      CountEvents: {
        Facts: 'BatchGetItem GetItem PutItem Query',
        Cells: 'GetItem UpdateItem',
        DeadLetters: 'PutItem',
        CellsChanged: 'SendMessage',
        ProductsChanged: 'SendMessage',
        DeadLetterNotices: 'SendMessage',
        Events: 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards',
      },
      StoreDeadLetters: {
        DeadLetters: 'PutItem',
        Events: 'GetRecords GetShardIterator',
        DeadLetterNotices: 'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage',
      },
      RollUp: {
        Chain: 'BatchGetItem Query',
        Cells: 'BatchGetItem GetItem PutItem Query',
        CellsChanged: 'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage',
        ProductsChanged:
          'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage',
      },
      ReadFigures: { Chain: 'GetItem Query', Cells: 'Query' },
      RankProducts: { Chain: 'GetItem Query', Cells: 'GetItem Query' },
      ListStores: { Chain: 'GetItem Query' },
      ServeDocs: {},
      IngestSightings: {
        Chain: 'GetItem',
        Events: 'PutRecords',
        ...PICTURES,
        People: 'DeleteItem GetItem PutItem Query',
      },
      RecogniseFaces: { Chain: 'GetItem', Events: 'PutRecords', ...PICTURES },
      PurgeFaces: {
        Chain: 'GetItem Query',
        Events: 'PutRecords',
        ...PICTURES,
        FramesToCheck: 'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage',
      },
      TrackVisits: {
        Visits: 'BatchGetItem DeleteItem GetItem PutItem Query',
        'Visits/index/ByStoreDay': 'Query',
        'Visits/index/Due': 'Query',
        Events: 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards PutRecords',
        DeadLetterNotices: 'SendMessage',
      },
      CloseVisits: {
        Visits: 'BatchGetItem GetItem PutItem Query',
        'Visits/index/ByStoreDay': 'Query',
        'Visits/index/Due': 'Query',
        Events: 'PutRecords',
      },
      ReadVisits: {
        Chain: 'GetItem Query',
        Facts: 'Query',
        Visits: 'GetItem Query',
        'Visits/index/ByStoreDay': 'Query',
        'Visits/index/Due': 'Query',
      },
      ReadHeatmap: {
        Chain: 'GetItem Query',
        Cells: 'Query',
        Visits: 'Query',
        'Visits/index/ByStoreDay': 'Query',
        'Visits/index/Due': 'Query',
      },
      RegisterPhone: {
        Chain: 'GetItem',
        Devices: 'PutItem',
        People: WRITING_PEOPLE,
        Campaigns: 'PutItem',
        '*': `CreatePlatformEndpoint SetEndpointAttributes ${TRACING}`,
      },
      RecordConsents: {
        People: 'DeleteItem GetItem PutItem',
        Campaigns: 'GetItem',
        Phones: 'BatchDeleteDevicePositionHistory',
      },
      RecordPushOpen: { Campaigns: 'GetItem UpdateItem' },
      IngestPositions: { People: 'Query', Campaigns: 'GetItem', Phones: 'BatchUpdateDevicePosition' },
      DecidePush: {
        Chain: 'GetItem',
        People: 'Query',
        Campaigns: 'GetItem PutItem Query UpdateItem',
        'Campaigns/index/ByPerson': 'Query',
        PushDecisionDeadLetters: 'GetQueueAttributes GetQueueUrl SendMessage',
        '*': `Publish ${TRACING}`,
      },
      FollowLink: {
        Campaigns: 'GetItem UpdateItem',
        Chain: 'GetItem',
        People: 'DeleteItem GetItem PutItem',
      },
      SyncGeofences: { Chain: 'Query', Fences: 'BatchDeleteGeofence BatchPutGeofence ListGeofences' },
      RecordPurchases: {
        Chain: 'GetItem Query',
        People: WRITING_PEOPLE,
        Events: 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards',
        DeadLetterNotices: 'SendMessage',
      },
      EditCampaigns: {
        Chain: 'GetItem Query',
        Campaigns: 'GetItem PutItem Query',
        'Campaigns/index/ByPerson': 'Query',
      },
      ReportCampaigns: {
        Chain: 'GetItem Query',
        People: 'Query',
        Campaigns: 'GetItem Query',
        'Campaigns/index/ByPerson': 'Query',
      },
      ReadCustomer: {
        Chain: 'GetItem Query',
        People: WRITING_PEOPLE,
        Campaigns: 'GetItem Query',
        'Campaigns/index/ByPerson': 'Query',
      },
      ReviewConflicts: { People: WRITING_PEOPLE },
      ErasePerson: {
        Chain: 'Scan',
        Devices: 'DeleteItem Scan',
        People: 'DeleteItem GetItem PutItem Query Scan',
        Campaigns: 'DeleteItem GetItem PutItem Query Scan',
        'Campaigns/index/ByPerson': 'Query',
        Facts: 'DeleteItem GetItem PutItem Scan',
        Visits: 'BatchGetItem DeleteItem Query Scan',
        'Visits/index/ByStoreDay': 'Query',
        'Visits/index/Due': 'Query',
        Faces: 'BatchGetItem DeleteItem PutItem Query Scan',
        DeadLetters: 'DeleteItem PutItem Scan',
        Cells: 'Scan',
        KnownFaces: 'DeleteFaces DeleteUser DisassociateFaces ListFaces ListUsers',
        Phones: 'BatchDeleteDevicePositionHistory BatchGetDevicePosition GetDevicePositionHistory',
        Erasures: 'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage',
        '*': `DeleteEndpoint GetEndpointAttributes ${TRACING}`,
      },
    });
  });

  it('runs on the tested major version of Node, on arm64, with traces and its own log group', () => {
    for (const template of [Ingest, Figures, Vision, Engagement]) {
      template.allResourcesProperties('AWS::Lambda::Function', {
        Runtime: `nodejs${process.versions.node.split('.')[0]}.x`,
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: Match.anyValue() },
        Environment: {
          Variables: Match.objectLike({
            POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
            LOG_LEVEL: 'INFO',
            NODE_OPTIONS: '--enable-source-maps',
          }),
        },
      });
      template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    }
  });

  it('gets exactly the names of the resources that it may use', () => {
    const named = Object.fromEntries(
      [Ingest, Figures, Vision, Engagement]
        .flatMap((template) => Object.entries(resourcesOf(template, 'AWS::Lambda::Function')))
        .map(([id, { Properties }]) => {
          const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
          const names = Object.entries(Variables).filter(([name]) =>
            /_(TABLE|STREAM|QUEUE_URL|ID|COLLECTION)$|^TRACKER_NAME$/.test(name),
          );
          return [id, Object.fromEntries(names.map(([name, value]) => [name, pointsAt(value)]))];
        }),
    );
    expect(named).toEqual({
      AuthorizeDevice: { DEVICES_TABLE: 'Devices' },
      IngestReceipts: { CHAIN_TABLE: 'Chain', EVENTS_STREAM: 'Events' },
      CountEvents: {
        FACTS_TABLE: 'Facts',
        CELLS_TABLE: 'Cells',
        DEAD_LETTERS_TABLE: 'DeadLetters',
        CHANGES_QUEUE_URL: 'CellsChanged',
        PRODUCT_CHANGES_QUEUE_URL: 'ProductsChanged',
      },
      StoreDeadLetters: { DEAD_LETTERS_TABLE: 'DeadLetters' },
      RollUp: {
        CHAIN_TABLE: 'Chain',
        CELLS_TABLE: 'Cells',
        CHANGES_QUEUE_URL: 'CellsChanged',
        PRODUCT_CHANGES_QUEUE_URL: 'ProductsChanged',
      },
      ReadFigures: { CHAIN_TABLE: 'Chain', CELLS_TABLE: 'Cells' },
      RankProducts: { CHAIN_TABLE: 'Chain', CELLS_TABLE: 'Cells' },
      ListStores: { CHAIN_TABLE: 'Chain' },
      ServeDocs: {},
      IngestSightings: {
        CHAIN_TABLE: 'Chain',
        EVENTS_STREAM: 'Events',
        ...PICTURE_NAMES,
        PEOPLE_TABLE: 'People',
      },
      RecogniseFaces: { CHAIN_TABLE: 'Chain', EVENTS_STREAM: 'Events', ...PICTURE_NAMES },
      PurgeFaces: {
        CHAIN_TABLE: 'Chain',
        EVENTS_STREAM: 'Events',
        FACES_TABLE: 'Faces',
        COLLECTION_ID: 'KnownFaces',
      },
      TrackVisits: { VISITS_TABLE: 'Visits', EVENTS_STREAM: 'Events' },
      CloseVisits: { VISITS_TABLE: 'Visits', EVENTS_STREAM: 'Events' },
      ReadVisits: { CHAIN_TABLE: 'Chain', FACTS_TABLE: 'Facts', VISITS_TABLE: 'Visits' },
      ReadHeatmap: { CHAIN_TABLE: 'Chain', CELLS_TABLE: 'Cells', VISITS_TABLE: 'Visits' },
      RegisterPhone: {
        CHAIN_TABLE: 'Chain',
        DEVICES_TABLE: 'Devices',
        PEOPLE_TABLE: 'People',
        CAMPAIGNS_TABLE: 'Campaigns',
      },
      RecordConsents: { PEOPLE_TABLE: 'People', CAMPAIGNS_TABLE: 'Campaigns', TRACKER_NAME: 'Phones' },
      RecordPushOpen: { CAMPAIGNS_TABLE: 'Campaigns' },
      IngestPositions: { PEOPLE_TABLE: 'People', CAMPAIGNS_TABLE: 'Campaigns', TRACKER_NAME: 'Phones' },
      DecidePush: { CHAIN_TABLE: 'Chain', PEOPLE_TABLE: 'People', CAMPAIGNS_TABLE: 'Campaigns' },
      FollowLink: { CAMPAIGNS_TABLE: 'Campaigns', CHAIN_TABLE: 'Chain', PEOPLE_TABLE: 'People' },
      SyncGeofences: { CHAIN_TABLE: 'Chain', FENCE_COLLECTION: 'Fences' },
      RecordPurchases: { CHAIN_TABLE: 'Chain', PEOPLE_TABLE: 'People' },
      EditCampaigns: { CHAIN_TABLE: 'Chain', CAMPAIGNS_TABLE: 'Campaigns' },
      ReportCampaigns: { CHAIN_TABLE: 'Chain', PEOPLE_TABLE: 'People', CAMPAIGNS_TABLE: 'Campaigns' },
      ReadCustomer: { CHAIN_TABLE: 'Chain', PEOPLE_TABLE: 'People', CAMPAIGNS_TABLE: 'Campaigns' },
      ReviewConflicts: { PEOPLE_TABLE: 'People' },
      ErasePerson: {
        CHAIN_TABLE: 'Chain',
        DEVICES_TABLE: 'Devices',
        PEOPLE_TABLE: 'People',
        CAMPAIGNS_TABLE: 'Campaigns',
        FACTS_TABLE: 'Facts',
        VISITS_TABLE: 'Visits',
        FACES_TABLE: 'Faces',
        DEAD_LETTERS_TABLE: 'DeadLetters',
        CELLS_TABLE: 'Cells',
        COLLECTION_ID: 'KnownFaces',
        TRACKER_NAME: 'Phones',
        ERASURES_QUEUE_URL: 'Erasures',
      },
    });
  });
});

describe('the stream of events', () => {
  it('scales on demand, is encrypted and retains a week', () => {
    Ingest.hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      RetentionPeriodHours: 168,
    });
  });

  it('is counted from its oldest record, in order, and isolates a bad record', () => {
    Ingest.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': ['Events', 'Arn'] },
      FunctionName: { Ref: 'CountEvents' },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1000,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 8,
      MaximumRecordAgeInSeconds: -1,
      MaximumBatchingWindowInSeconds: Match.absent(),
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetterNotices', 'Arn'] } } },
    });
  });
});

describe('the queues', () => {
  it('are encrypted and move a message to a dead-letter queue for two weeks after eight receives', () => {
    const queues = Object.assign(
      {},
      ...[Ingest, Vision, Engagement].map((template) => resourcesOf(template, 'AWS::SQS::Queue')),
    ) as ReturnType<typeof resourcesOf>;
    for (const [id, { Properties }] of Object.entries(queues)) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      if (id.endsWith('Dead')) expect(Properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
      else {
        expect(Properties).toMatchObject({
          RedrivePolicy: { maxReceiveCount: 8, deadLetterTargetArn: { 'Fn::GetAtt': [`${id}Dead`, 'Arn'] } },
        });
      }
    }
  });

  it('hide a message for six times the timeout of its consumer', () => {
    for (const template of [Ingest, Figures, Vision, Engagement]) {
      const functions = resourcesOf(template, 'AWS::Lambda::Function');
      for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'))) {
        const queues = [Ingest, Vision, Engagement].map((one) => resourcesOf(one, 'AWS::SQS::Queue'));
        const queue = (Object.assign({}, ...queues) as ReturnType<typeof resourcesOf>)[
          pointsAt(Properties['EventSourceArn'])
        ];
        const consumer = functions[pointsAt(Properties['FunctionName'])];
        if (queue === undefined) continue;
        const timeoutS = Number(consumer?.Properties['Timeout']);
        expect(Number(queue.Properties['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * timeoutS);
      }
    }
  });

  it.each([
    ['CellsChanged', 1],
    ['ProductsChanged', 30],
  ])('collect changes in %s for %i s, for two concurrent roll-ups at most', (queue, windowS) => {
    const mappings = Object.values(resourcesOf(Figures, 'AWS::Lambda::EventSourceMapping'));
    const mapping = mappings.find(({ Properties }) => pointsAt(Properties['EventSourceArn']) === queue);
    expect(mapping?.Properties).toMatchObject({
      FunctionName: { Ref: 'RollUp' },
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: windowS,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('deliver exhausted batches of the stream to the function that stores dead letters', () => {
    Ingest.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': ['DeadLetterNotices', 'Arn'] },
      FunctionName: { Ref: 'StoreDeadLetters' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('the sums', () => {
  it('are recomputed every hour, regardless of notices', () => {
    Figures.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': ['RollUp', 'Arn'] }, Input: '{"source":"schedule"}' }),
      ],
    });
  });
});

describe('the API', () => {
  it('has these routes, each with its authorizer and its function', () => {
    const integrations = resourcesOf(Web, 'AWS::ApiGatewayV2::Integration');
    const authorizers = resourcesOf(Web, 'AWS::ApiGatewayV2::Authorizer');
    const routes = Object.values(resourcesOf(Web, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const target = (Properties['Target'] as { 'Fn::Join': [string, [string, { Ref: string }]] })[
        'Fn::Join'
      ][1][1].Ref;
      const authorizer = Properties['AuthorizerId'] as { Ref: string } | undefined;
      return [
        Properties['RouteKey'],
        authorizer === undefined ? 'open' : authorizers[authorizer.Ref]?.Properties['Name'],
        pointsAt(integrations[target]?.Properties['IntegrationUri']),
      ];
    });
    expect(routes).toEqual([
      ['POST /v1/receipts', 'DeviceAuthorizer', 'IngestReceipts'],
      ['POST /v1/frames', 'DeviceAuthorizer', 'RecogniseFaces'],
      ['POST /v1/sightings', 'DeviceAuthorizer', 'IngestSightings'],
      ['POST /v1/phones', 'DeviceAuthorizer', 'RegisterPhone'],
      ['POST /v1/consents', 'DeviceAuthorizer', 'RecordConsents'],
      ['POST /v1/pushes/{push}/open', 'DeviceAuthorizer', 'RecordPushOpen'],
      ['POST /v1/positions', 'DeviceAuthorizer', 'IngestPositions'],
      ['GET /v1/figures', 'StaffAuthorizer', 'ReadFigures'],
      ['GET /v1/products/top', 'StaffAuthorizer', 'RankProducts'],
      ['GET /v1/stores', 'StaffAuthorizer', 'ListStores'],
      ['GET /v1/visits', 'StaffAuthorizer', 'ReadVisits'],
      ['GET /v1/visits/{id}', 'StaffAuthorizer', 'ReadVisits'],
      ['GET /v1/heatmap', 'StaffAuthorizer', 'ReadHeatmap'],
      ['GET /v1/campaigns', 'StaffAuthorizer', 'EditCampaigns'],
      ['GET /v1/campaigns/{id}', 'StaffAuthorizer', 'EditCampaigns'],
      ['PUT /v1/campaigns/{id}', 'StaffAuthorizer', 'EditCampaigns'],
      ['POST /v1/campaigns/{id}/preview', 'StaffAuthorizer', 'ReportCampaigns'],
      ['GET /v1/campaigns/{id}/proof', 'StaffAuthorizer', 'ReportCampaigns'],
      ['GET /v1/people/{id}', 'StaffAuthorizer', 'ReadCustomer'],
      ['POST /v1/people/search', 'StaffAuthorizer', 'ReadCustomer'],
      ['GET /v1/people/conflicts', 'StaffAuthorizer', 'ReviewConflicts'],
      ['POST /v1/people/conflicts', 'StaffAuthorizer', 'ReviewConflicts'],
      ['DELETE /v1/people/{id}', 'StaffAuthorizer', 'ErasePerson'],
      ['GET /v1/erasures/{id}', 'StaffAuthorizer', 'ErasePerson'],
      ['GET /c/{token}', 'open', 'FollowLink'],
      ['GET /c/{token}/refuse', 'open', 'FollowLink'],
      ['POST /c/{token}/refuse', 'open', 'FollowLink'],
      ['GET /openapi.json', 'open', 'ServeDocs'],
      ['GET /docs', 'open', 'ServeDocs'],
    ]);
  });

  it('logs neither the address nor the phone of a customer (P13)', () => {
    const [stage] = Object.values(Web.findResources('AWS::ApiGatewayV2::Stage'));
    const format = String(stage?.['Properties'].AccessLogSettings.Format);
    expect(format).toContain('$context.authorizer.loggedDeviceId');
    for (const name of ['sourceIp', 'userAgent', 'authorizer.deviceId', 'context.path'])
      expect(format).not.toContain(name);
  });

  it('authorizes devices by a function, and caches its response for 30 s', () => {
    Web.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 30,
      IdentitySource: ['$request.header.Authorization'],
    });
  });

  it('accepts tokens that the staff pool issued for the web app', () => {
    Web.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        Issuer: { 'Fn::GetAtt': ['Staff', 'ProviderURL'] },
        Audience: [{ Ref: 'WebClient' }],
      },
    });
  });

  it('is throttled as a whole, and logs each request as a line of JSON', () => {
    Web.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 4000 },
      AccessLogSettings: { Format: Match.serializedJson(Match.objectLike({ status: '$context.status' })) },
    });
  });

  it('logs neither keys nor tokens nor personal data', () => {
    const stages = Object.values(resourcesOf(Web, 'AWS::ApiGatewayV2::Stage'));
    const [Format] = stages.map(({ Properties }) => JSON.stringify(Properties['AccessLogSettings']));
    expect(Format).not.toMatch(/header|authorization|claims|body/i);
  });
});

describe('sign-in', () => {
  it('has no self sign-up, and requires a long password and a second factor', () => {
    Web.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: Match.objectLike({ MinimumLength: 12, RequireSymbols: true }) },
    });
  });

  it('uses authorization codes only, for a client without a secret that redirects to the app alone', () => {
    const app = { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Site', 'DomainName'] }, '/']] };
    Web.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      CallbackURLs: [app],
      LogoutURLs: [app],
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  it('has a group per role, and one for the scope of the whole chain', () => {
    const groups = Object.values(resourcesOf(Web, 'AWS::Cognito::UserPoolGroup'));
    expect(groups.map(({ Properties }) => Properties['GroupName'])).toEqual([
      'role:boss',
      'role:regional-manager',
      'role:city-manager',
      'role:store-manager',
      'role:sales-ops',
      'role:campaign-editor',
      'role:privacy-officer',
      'scope:chain',
    ]);
  });
});

describe('the web app', () => {
  it('gets the addresses of its API and its sign-in', () => {
    const uploads = JSON.stringify(resourcesOf(Web, 'Custom::CDKBucketDeployment'));
    for (const value of ['"Staff","ProviderURL"', '"WebClient"', '"Api","ApiEndpoint"'])
      expect(uploads).toContain(value);
  });

  it('runs its own scripts only, and in no frame of another site', () => {
    const [headers] = Object.values(resourcesOf(Web, 'AWS::CloudFront::ResponseHeadersPolicy'));
    const policy = JSON.stringify(headers?.Properties);
    for (const rule of ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe-eval');
  });

  it('is served by HTTPS only, from private buckets', () => {
    Web.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' } },
    });
    Web.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });
});

describe('the stacks', () => {
  it('output the names that the `aisle` command needs', () => {
    const outputs = [others.Data, Ingest, Vision, Engagement, Web].flatMap((template) =>
      Object.entries(template.findOutputs('*')),
    );
    const printed = outputs.filter(([, { Export }]) => Export === undefined).map(([name]) => name);
    expect(printed).toEqual([
      'ChainTable',
      'DevicesTable',
      'FactsTable',
      'CellsTable',
      'DeadLettersTable',
      'PeopleTable',
      'CampaignsTable',
      'FacesTable',
      'EventsStream',
      'CellsChangedUrl',
      'ProductsChangedUrl',
      'FacesCollection',
      'Tracker',
      'FenceCollection',
      'ApiUrl',
      'AppUrl',
    ]);
  });

  it('refer to each other by exports, which cannot be removed while in use', () => {
    const all = JSON.stringify(
      [Ingest, Figures, Vision, Engagement, Web, ...Object.values(others)].map((template) =>
        template.toJSON(),
      ),
    );
    expect(all).toContain('Fn::ImportValue');
    expect(all).not.toContain('Fn::GetStackOutput');
  });
});

describe('the geofences', () => {
  it('invoke push decisions for phones that enter, and keep failed events in a queue', () => {
    Engagement.hasResourceProperties('AWS::Location::TrackerConsumer', {
      TrackerName: { Ref: 'Phones' },
      ConsumerArn: { 'Fn::GetAtt': ['Fences', 'Arn'] },
    });
    Engagement.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.geo'],
        'detail-type': ['Location Geofence Event'],
        resources: [{ 'Fn::GetAtt': ['Fences', 'Arn'] }],
        detail: { EventType: ['ENTER'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': ['DecidePush', 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['PushDecisionDeadLetters', 'Arn'] } },
        }),
      ],
    });
    Engagement.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: 'DecidePush' },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['PushDecisionDeadLetters', 'Arn'] } } },
    });
  });

  it('evaluate positions by the accuracy that the phone reports', () => {
    Engagement.hasResourceProperties('AWS::Location::Tracker', { PositionFiltering: 'AccuracyBased' });
  });
});
