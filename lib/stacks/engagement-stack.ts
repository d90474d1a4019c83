/**
 * Phones near stores: who bought what, where phones are, what campaigns decide, what they achieved, and erasures.
 *
 * A stack of its own, because a chain can run without it: receipts, figures and visits depend on nothing in it.
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

/** A push is useful within seconds of the geofence entry or not at all; Lambda retries a failed decision twice. */
const PUSH_DECISION_TRIES_MAX = 2;
const PUSH_DECISION_AGE_MAX = Duration.minutes(10);

/** The longest that Lambda allows: an erasure scans every table. */
const ERASURE_TIMEOUT = Duration.minutes(15);
const VISIBILITY_PER_TIMEOUT = 6;
const ERASURES_MEMORY_MB = 1024;

/** One full vCPU: a week of geofence entries or a year of decisions is evaluated while the caller waits. */
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
  readonly recordPushOpen: AisleFunction;
  readonly ingestPositions: AisleFunction;
  readonly decidePush: AisleFunction;
  readonly followLink: AisleFunction;
  readonly syncGeofences: AisleFunction;
  readonly recordPurchases: AisleFunction;
  readonly editCampaigns: AisleFunction;
  readonly reportCampaigns: AisleFunction;
  readonly readCustomer: AisleFunction;
  readonly reviewConflicts: AisleFunction;
  readonly erasePerson: AisleFunction;

  constructor(scope: Construct, props: EngagementStackProps) {
    super(scope, 'Engagement', props, 'Aisle: phones near stores, pushes, campaign reports, erasures');
    const { data } = props;
    const { tracker, fences } = declareLocation(this);
    this.registerPhone = this.#registerPhone(data);
    this.recordConsents = this.#recordConsents(data, tracker);
    this.recordPushOpen = new AisleFunction(this, {
      folder: 'record-push-open',
      description: 'Records that a customer opened a push',
      timeout: PHONE_TIMEOUT,
    }).usesTable(env.campaignsTable, data.campaigns, 'GetItem', 'UpdateItem');
    this.ingestPositions = this.#ingestPositions(data, tracker);
    this.pushDecisionDeadLetters = new AisleQueue(this, 'PushDecisionDeadLetters', {
      visibilityTimeout: MINUTE,
    });
    this.decidePush = this.#decidePush(data, fences);
    this.followLink = new AisleFunction(this, {
      folder: 'follow-link',
      description: 'Redirects from the link of a push to its offer, and records a refusal of further pushes',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.campaignsTable, data.campaigns, 'GetItem', 'UpdateItem')
      .usesTable(env.chainTable, data.chain, 'GetItem')
      .usesTable(env.peopleTable, data.people, 'GetItem', 'PutItem', 'DeleteItem');
    this.syncGeofences = this.#syncGeofences(data, fences);
    this.recordPurchases = this.#recordPurchases(props);
    this.editCampaigns = this.#editCampaigns(data);
    this.reportCampaigns = this.#reportCampaigns(data);
    this.readCustomer = this.#readCustomer(data);
    this.reviewConflicts = new AisleFunction(this, {
      folder: 'review-conflicts',
      description: 'Returns records of customers that may be one person, and stores the decision',
      timeout: READER_TIMEOUT,
    }).usesTable(env.peopleTable, data.people, ...PEOPLE_ACTIONS);
    this.erasures = new AisleQueue(this, 'Erasures', {
      visibilityTimeout: Duration.seconds(ERASURE_TIMEOUT.toSeconds() * VISIBILITY_PER_TIMEOUT),
    });
    this.erasePerson = this.#erasePerson(props, tracker);

    // Read by the `aisle` command, from the file of `cdk deploy --outputs-file`.
    new CfnOutput(this, 'Tracker', { value: tracker.ref });
    new CfnOutput(this, 'FenceCollection', { value: fences.ref });
  }

  #registerPhone({ chain, devices, people, campaigns }: DataStack): AisleFunction {
    return this.#pushFunction(['CreatePlatformEndpoint', 'SetEndpointAttributes'], {
      folder: 'register-phone',
      description: 'Links a phone to a customer and issues its credential',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.devicesTable, devices, 'PutItem')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS)
      .usesTable(env.campaignsTable, campaigns, 'PutItem');
  }

  #recordConsents({ people, campaigns }: DataStack, tracker: CfnTracker): AisleFunction {
    return new AisleFunction(this, {
      folder: 'record-consents',
      description: 'Records the consents of a customer',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.peopleTable, people, 'GetItem', 'PutItem', 'DeleteItem')
      .usesTable(env.campaignsTable, campaigns, 'GetItem')
      .usesTracker(env.trackerName, tracker, 'BatchDeleteDevicePositionHistory');
  }

  #ingestPositions({ people, campaigns }: DataStack, tracker: CfnTracker): AisleFunction {
    return new AisleFunction(this, {
      folder: 'ingest-positions',
      description: 'Sends the positions of phones to the tracker if their owners consented',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem')
      .usesTracker(env.trackerName, tracker, 'BatchUpdateDevicePosition');
  }

  #decidePush({ chain, people, campaigns }: DataStack, fences: CfnGeofenceCollection): AisleFunction {
    const decidePush = this.#pushFunction(['Publish'], {
      folder: 'decide-push',
      description: 'Decides whether a customer who entered a geofence receives a push, and sends it',
      timeout: PHONE_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem')
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query', 'PutItem', 'UpdateItem');
    // EventBridge invokes asynchronously: once Lambda has accepted the event, a failure of the function goes here.
    decidePush.configureAsyncInvoke({
      onFailure: new SqsDestination(this.pushDecisionDeadLetters),
      retryAttempts: PUSH_DECISION_TRIES_MAX,
      maxEventAge: PUSH_DECISION_AGE_MAX,
    });
    new Rule(this, 'GeofenceEntered', {
      description: 'A phone entered the geofence of a store',
      eventPattern: {
        source: ['aws.geo'],
        detailType: ['Location Geofence Event'],
        resources: [fences.attrArn],
        detail: { EventType: ['ENTER'] },
      },
      targets: [
        new LambdaTarget(decidePush, {
          deadLetterQueue: this.pushDecisionDeadLetters,
          retryAttempts: PUSH_DECISION_TRIES_MAX,
          maxEventAge: PUSH_DECISION_AGE_MAX,
        }),
      ],
    });
    return decidePush;
  }

  #syncGeofences({ chain }: DataStack, fences: CfnGeofenceCollection): AisleFunction {
    const syncGeofences = new AisleFunction(this, {
      folder: 'sync-geofences',
      description: 'Keeps the geofences equal to the stores',
      timeout: Duration.seconds(50),
    })
      .usesTable(env.chainTable, chain, 'Query')
      .may(fences.attrArn, 'geo:ListGeofences', 'geo:BatchPutGeofence', 'geo:BatchDeleteGeofence');
    syncGeofences.addEnvironment(env.fenceCollection, fences.ref);
    new Rule(this, 'SyncGeofencesEachMinute', {
      description: 'Updates the geofences of stores that opened, moved or closed',
      schedule: Schedule.rate(MINUTE),
      targets: [new LambdaTarget(syncGeofences)],
    });
    return syncGeofences;
  }

  #recordPurchases({ data, ingest }: EngagementStackProps): AisleFunction {
    const recordPurchases = new AisleFunction(this, {
      folder: 'record-purchases',
      description: 'Records purchases and visits of identified customers',
      timeout: MINUTE,
    })
      .usesTable(env.chainTable, data.chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, data.people, ...PEOPLE_ACTIONS);
    consumeStream(recordPurchases, ingest.events, ingest.deadLetterNotices);
    return recordPurchases;
  }

  #editCampaigns({ chain, campaigns }: DataStack): AisleFunction {
    return new AisleFunction(this, {
      folder: 'edit-campaigns',
      description: 'Returns and stores campaigns',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query', 'PutItem');
  }

  #reportCampaigns({ chain, people, campaigns }: DataStack): AisleFunction {
    return new AisleFunction(this, {
      folder: 'report-campaigns',
      description: "Previews a campaign's audience and reports its results",
      timeout: READER_TIMEOUT,
      memoryMb: REPORT_MEMORY_MB,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, people, 'Query')
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query');
  }

  #readCustomer({ chain, people, campaigns }: DataStack): AisleFunction {
    return new AisleFunction(this, {
      folder: 'read-customer',
      description: 'Returns everything stored about a customer',
      timeout: READER_TIMEOUT,
    })
      .usesTable(env.chainTable, chain, 'GetItem', 'Query')
      .usesTable(env.peopleTable, people, ...PEOPLE_ACTIONS)
      .usesTable(env.campaignsTable, campaigns, 'GetItem', 'Query');
  }

  #erasePerson({ data, vision }: EngagementStackProps, tracker: CfnTracker): AisleFunction {
    const erasePerson = this.#pushFunction(['DeleteEndpoint', 'GetEndpointAttributes'], {
      folder: 'erase-person',
      description: 'Deletes a person everywhere, then scans every table for what is left',
      timeout: ERASURE_TIMEOUT,
      memoryMb: ERASURES_MEMORY_MB,
    })
      .usesTable(env.chainTable, data.chain, 'Scan')
      .usesTable(env.devicesTable, data.devices, 'DeleteItem', 'Scan')
      .usesTable(env.peopleTable, data.people, ...PEOPLE_ACTIONS, 'Scan')
      .usesTable(env.campaignsTable, data.campaigns, 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.factsTable, data.facts, 'GetItem', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.visitsTable, data.visits, 'BatchGetItem', 'Query', 'DeleteItem', 'Scan')
      .usesTable(env.facesTable, data.faces, 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.deadLettersTable, data.deadLetters, 'PutItem', 'DeleteItem', 'Scan')
      .usesTable(env.cellsTable, data.cells, 'Scan')
      .usesCollection(
        env.collectionId,
        vision.collection,
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
    consumeQueue(erasePerson, this.erasures, { batchSize: 1 });
    return erasePerson;
  }

  /** Declares a function that uses the push service: it gets the chain's platform applications and these SNS actions. */
  #pushFunction(
    actions: readonly string[],
    props: ConstructorParameters<typeof AisleFunction>[1],
  ): AisleFunction {
    const pushFunction = new AisleFunction(this, props);
    for (const [name, key] of Object.entries(APPLICATIONS)) {
      pushFunction.addEnvironment(name, String(this.node.tryGetContext(key) ?? ''));
    }
    pushFunction.may('*', ...actions.map((action) => `sns:${action}`));
    if (pushFunction.role !== undefined) {
      acknowledge(
        pushFunction.role,
        'AwsSolutions-IAM5[Resource::*]',
        'Endpoints are created as phones register, in platform applications that are not part of this stack.',
      );
    }
    return pushFunction;
  }
}

/** Declares the tracker of the phones and the geofences that its positions are evaluated against. */
function declareLocation(scope: EngagementStack): {
  readonly tracker: CfnTracker;
  readonly fences: CfnGeofenceCollection;
} {
  const tracker = new CfnTracker(scope, 'Phones', {
    trackerName: `${scope.stage}-aisle-phones`,
    description: 'Positions of phones whose owners consented',
    // A phone that is accurate to 30 m has not moved if it reports a distance of 20 m.
    positionFiltering: 'AccuracyBased',
    eventBridgeEnabled: false,
  });
  const fences = new CfnGeofenceCollection(scope, 'Fences', {
    collectionName: `${scope.stage}-aisle-fences`,
    description: 'Geofences of the stores',
  });
  for (const resource of [tracker, fences]) resource.applyRemovalPolicy(scope.removalPolicy);
  new CfnTrackerConsumer(scope, 'PhonesToFences', { trackerName: tracker.ref, consumerArn: fences.attrArn });
  return { tracker, fences };
}

/** Context keys of the platform applications: CloudFormation cannot create these, because they hold the app's certificates. */
const APPLICATIONS = {
  [env.fcmApplicationArn]: 'fcmApplicationArn',
  [env.apnsApplicationArn]: 'apnsApplicationArn',
} as const;

/** Every function that changes customers may also complete a change or an erasure that was interrupted. */
const PEOPLE_ACTIONS = ['GetItem', 'Query', 'PutItem', 'DeleteItem'] as const;
