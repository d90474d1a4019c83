/**
 * From the phone on the street to the push, and to the proof that it helped: who bought what, where phones are, what
 * campaigns decide, and how somebody is forgotten.
 *
 * It is a stack of its own because a chain may run without it: where nobody agreed to be followed, nothing here ever runs.
 */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnGeofenceCollection, CfnTracker, CfnTrackerConsumer } from 'aws-cdk-lib/aws-location';
import type { Construct } from 'constructs';
import { env } from '#contracts/env.ts';
import { AisleFunction } from '../constructs/aisle-function.ts';
import { AisleQueue } from '../constructs/aisle-queue.ts';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { consumeQueue, consumeStream } from '../constructs/event-sources.ts';
import { acknowledge } from '../constructs/nag.ts';
import type { DataStack } from './data-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { VisionStack } from './vision-stack.ts';

const PHONE_TIMEOUT = Duration.seconds(10);
const READER_TIMEOUT = Duration.seconds(29);
const MINUTE = Duration.minutes(1);

/** Who comes by is greeted within seconds or not at all; what fails is tried twice more by the service. */
const PUSH_DECISION_TRIES_MAX = 2;
const PUSH_DECISION_AGE_MAX = Duration.minutes(10);

/** As long as a function may run: everything is searched for what was known of somebody. */
const ERASURE_TIMEOUT = Duration.minutes(15);
const VISIBILITY_PER_TIMEOUT = 6;
const ERASURES_MEMORY_MB = 1024;

/** A week of enters, or a year of decisions, are weighed while somebody waits. */
const REPORT_MEMORY_MB = 1769;

export interface EngagementStackProps extends AisleStackProps {
  readonly data: DataStack;
  readonly ingest: IngestStack;
  readonly vision: VisionStack;
}

export class EngagementStack extends AisleStack {
  readonly erasures: AisleQueue;
  readonly pushDecisionDeadLetters: AisleQueue;
  readonly registerPhone: AisleFunction;
  readonly recordConsents: AisleFunction;
  readonly ingestPositions: AisleFunction;
  readonly decidePush: AisleFunction;
  readonly followLink: AisleFunction;
  readonly syncGeofences: AisleFunction;
  readonly projectCustomers: AisleFunction;
  readonly editCampaigns: AisleFunction;
  readonly reportCampaigns: AisleFunction;
  readonly readCustomer: AisleFunction;
  readonly erasePerson: AisleFunction;

  constructor(scope: Construct, props: EngagementStackProps) {
    super(scope, 'Engagement', props, 'Aisle: phones near stores, pushes and their proof');
    const { chain, devices, people, campaigns, facts, visits, faces, deadLetters, cells } = props.data;
    const { events, deadLetterNotices } = props.ingest;
    const { collection } = props.vision;

    const tracker = new CfnTracker(this, 'Phones', {
      trackerName: `${this.stage}-aisle-phones`,
      description: 'Where phones are whose owners agreed to it',
      // A phone that knows its place to 30 m has not moved when it says it did by 20 m.
      positionFiltering: 'AccuracyBased',
      eventBridgeEnabled: false,
    });
    const fences = new CfnGeofenceCollection(this, 'Fences', {
      collectionName: `${this.stage}-aisle-fences`,
      description: 'Around the stores',
    });
    for (const resource of [tracker, fences]) resource.applyRemovalPolicy(this.removalPolicy);
    new CfnTrackerConsumer(this, 'PhonesToFences', {
      trackerName: tracker.ref,
      consumerArn: fences.attrArn,
    });
    this.registerPhone = this.#pushing(['CreatePlatformEndpoint', 'SetEndpointAttributes'], {
      folder: 'register-phone',
      description: 'Binds a phone to a customer and gives it a credential',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.devicesTable, devices, 'PutItem')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS)
      .usesTable(env.campaignsTable, campaigns, 'PutItem');

    this.recordConsents = new AisleFunction(this, {
      folder: 'record-consents',
      description: 'Writes down what a customer agrees to, and which push was opened',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.peopleTable, people, 'GetItem', 'PutItem', 'DeleteItem')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'UpdateItem')
      .usesTracker(env.trackerName, tracker, 'BatchDeleteDevicePositionHistory');

    this.ingestPositions = new AisleFunction(this, {
      folder: 'ingest-positions',
      description: 'Hands the positions of phones to the tracker, where their owners agreed',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem')
      .usesTracker(env.trackerName, tracker, 'BatchUpdateDevicePosition');

    this.pushDecisionDeadLetters = new AisleQueue(this, 'PushDecisionDeadLetters', {
      visibilityTimeout: MINUTE,
    });
    this.decidePush = this.#pushing(['Publish'], {
      folder: 'decide-push',
      description: 'Decides what is said to somebody who comes near a store, and says it',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query', 'PutItem', 'UpdateItem');
    // EventBridge hands over once Lambda has taken the event; what the function then fails at is Lambda's to keep.
    this.decidePush.configureAsyncInvoke({
      onFailure: new SqsDestination(this.pushDecisionDeadLetters),
      retryAttempts: PUSH_DECISION_TRIES_MAX,
      maxEventAge: PUSH_DECISION_AGE_MAX,
    });
    new Rule(this, 'GeofenceEntered', {
      description: 'A phone came near a store',
      eventPattern: {
        source: ['aws.geo'],
        detailType: ['Location Geofence Event'],
        resources: [fences.attrArn],
        detail: { EventType: ['ENTER'] },
      },
      targets: [
        new LambdaTarget(this.decidePush, {
          deadLetterQueue: this.pushDecisionDeadLetters,
          retryAttempts: PUSH_DECISION_TRIES_MAX,
          maxEventAge: PUSH_DECISION_AGE_MAX,
        }),
      ],
    });

    this.followLink = new AisleFunction(this, {
      folder: 'follow-link',
      description: 'Leads from the link of a push to what it offers',
      timeout: PHONE_TIMEOUT,
    }).usesTable(env.campaignsTable, campaigns, 'GetItem', 'UpdateItem');

    this.syncGeofences = new AisleFunction(this, {
      folder: 'sync-geofences',
      description: 'Makes the fences follow the stores',
      timeout: Duration.seconds(50),
    })
      .usesTable(env.chainTable, chain, 'Query')
      .may(fences.attrArn, 'geo:ListGeofences', 'geo:BatchPutGeofence', 'geo:BatchDeleteGeofence');
    this.syncGeofences.addEnvironment(env.fenceCollection, fences.ref);
    new Rule(this, 'SyncGeofencesEachMinute', {
      description: 'Looks whether a store was opened, moved or closed',
      schedule: Schedule.rate(MINUTE),
      targets: [new LambdaTarget(this.syncGeofences)],
    });

    this.projectCustomers = new AisleFunction(this, {
      folder: 'project-customers',
      description: 'Writes down what customers who said who they are bought, and when they came',
      timeout: MINUTE,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS);
    consumeStream(this.projectCustomers, events, deadLetterNotices);

    this.editCampaigns = new AisleFunction(this, {
      folder: 'edit-campaigns',
      description: 'Serves campaigns and takes changes of them',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query', 'PutItem');

    this.reportCampaigns = new AisleFunction(this, {
      folder: 'report-campaigns',
      description: 'Tells whom a campaign would have reached, and what one has brought',
      timeout: READER_TIMEOUT,
      memoryMb: REPORT_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query');

    this.readCustomer = new AisleFunction(this, {
      folder: 'read-customer',
      description: 'Serves all that is kept of a customer',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS)
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query');

    this.erasures = new AisleQueue(this, 'Erasures', {
      visibilityTimeout: Duration.seconds(ERASURE_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT),
    });
    this.erasePerson = this.#pushing(['DeleteEndpoint', 'GetEndpointAttributes'], {
      folder: 'erase-person',
      description: 'Forgets a customer everywhere, then searches everywhere for what was known',
      timeout: ERASURE_TIMEOUT,
      memoryMb: ERASURES_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'Scan')
      .usesTable(env.devicesTable, devices, 'DeleteItem', 'Scan')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS, 'Scan')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.factsTable, facts, 'GetItem', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.visitsTable, visits, 'BatchGetItem', 'Query', 'DeleteItem', 'Scan')
      .usesTable(env.facesTable, faces, 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.deadLettersTable, deadLetters, 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.cellsTable, cells, 'Scan')
      .usesCollection(
        env.collectionId,
        collection,
        'DeleteUser',
        'DisassociateFaces',
        'DeleteFaces',
        'ListFaces',
        'ListUsers',
      )
      .usesTracker(
        env.trackerName,
        tracker,
        'BatchDeleteDevicePositionHistory',
        'GetDevicePositionHistory',
        'BatchGetDevicePosition',
      )
      .usesQueue(env.erasuresQueueUrl, this.erasures);
    consumeQueue(this.erasePerson, this.erasures, { batchSize: 1 });

    // What the `aisle` command needs to know, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'Tracker', { value: tracker.ref });
    new CfnOutput(this, 'FenceCollection', { value: fences.ref });
  }

  /** A function that has to do with the push service: it is told the chain's own applications, and may do so much with their phones. */
  #pushing(actions: readonly string[], props: ConstructorParameters<typeof AisleFunction>[1]): AisleFunction {
    const pushing = new AisleFunction(this, props);
    for (const [name, key] of Object.entries(APPLICATIONS)) {
      pushing.addEnvironment(name, String(this.node.tryGetContext(key) ?? ''));
    }
    pushing.may('*', ...actions.map((action) => `sns:${action}`));
    if (pushing.role !== undefined) {
      acknowledge(
        pushing.role,
        'AwsSolutions-IAM5[Resource::*]',
        "Endpoints of phones are made as phones come, and their applications are not this stack's.",
      );
    }
    return pushing;
  }
}

/** By the context's keys: CloudFormation cannot make these applications, since they hold the app's own certificates. */
const APPLICATIONS = {
  [env.fcmApplicationArn]: 'fcmApplicationArn',
  [env.apnsApplicationArn]: 'apnsApplicationArn',
} as const;

/** People come, are linked and say what they agree to; whoever finds one half written or half forgotten finishes it. */
const PEOPLE_ACTIONS = ['GetItem', 'Query', 'PutItem', 'DeleteItem'] as const;
