/**
 * The cloud a template describes, in plain typed values: what the local cloud must start and how the
 * parts are wired. Times carry their unit in the name; functions are named by their physical name.
 */

export interface CloudDescription {
  readonly functions: readonly FunctionDescription[];
  readonly tables: readonly TableDescription[];
  readonly streams: readonly StreamDescription[];
  readonly queues: readonly QueueDescription[];
  readonly collections: readonly CollectionDescription[];
  readonly trackers: readonly TrackerDescription[];
  readonly fenceCollections: readonly FenceCollectionDescription[];
  readonly trackerConsumers: readonly TrackerConsumerDescription[];
  readonly mappings: readonly MappingDescription[];
  readonly schedules: readonly ScheduleDescription[];
  readonly eventRules: readonly EventRuleDescription[];
  readonly eventInvokes: readonly EventInvokeDescription[];
  readonly httpApis: readonly HttpApiDescription[];
  readonly userPools: readonly UserPoolDescription[];
  /** On every file of the web app. */
  readonly webHeaders: Readonly<Record<string, string>>;
}

export interface FunctionDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The folder under functions/ it was built from, as its POWERTOOLS_SERVICE_NAME says; else its logical id. */
  readonly folder: string;
  /** Absolute path of the unpacked code asset. */
  readonly assetPath: string;
  /** As the template says it: `<module>.<export>`. */
  readonly handler: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly concurrencyMax?: number;
}

export type AttributeType = 'S' | 'N' | 'B';

export interface TableDescription {
  readonly logicalId: string;
  readonly tableName: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly attributeDefinitions: readonly AttributeDefinition[];
  readonly indexes: readonly IndexDescription[];
  readonly ttlAttribute?: string;
  readonly stream?: { readonly viewType: string };
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: AttributeType;
}

export interface IndexDescription {
  readonly indexName: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: {
    readonly ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly NonKeyAttributes?: readonly string[];
  };
}

export interface StreamDescription {
  readonly logicalId: string;
  readonly streamName: string;
  readonly arn: string;
  /** Absent for an on-demand stream. */
  readonly shardCount?: number;
  readonly retentionHours: number;
}

export interface QueueDescription {
  readonly logicalId: string;
  readonly queueName: string;
  readonly url: string;
  readonly arn: string;
  /** The attributes CreateQueue takes, under the names it takes them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A Rekognition collection of faces. */
export interface CollectionDescription {
  readonly logicalId: string;
  readonly collectionId: string;
}

/** A tracker of Amazon Location: where devices are, and which of their positions count as a move. */
export interface TrackerDescription {
  readonly logicalId: string;
  readonly trackerName: string;
  readonly arn: string;
  readonly positionFiltering: 'TimeBased' | 'DistanceBased' | 'AccuracyBased';
  /** Whether the tracker tells of each position, beside the fences that tell who came in and went out. */
  readonly tellsPositions: boolean;
}

export interface FenceCollectionDescription {
  readonly logicalId: string;
  readonly collectionName: string;
  readonly arn: string;
}

/** Positions of the tracker are held against the fences of the collection. */
export interface TrackerConsumerDescription {
  readonly trackerName: string;
  readonly consumerArn: string;
}

/** What an event source mapping says whatever its source. */
interface MappingBase {
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly reportBatchItemFailures: boolean;
}

export interface KinesisMappingDescription extends MappingBase {
  readonly kind: 'kinesis';
  readonly streamName: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly bisectOnError: boolean;
  /** Undefined: until the record expires. */
  readonly retriesMax?: number;
  readonly recordAgeMaxMs?: number;
  readonly parallelizationFactor: number;
  readonly onFailureQueueArn?: string;
}

export interface SqsMappingDescription extends MappingBase {
  readonly kind: 'sqs';
  readonly queueUrl: string;
  readonly concurrencyMax?: number;
}

export type MappingDescription = KinesisMappingDescription | SqsMappingDescription;

export interface ScheduleDescription {
  readonly name: string;
  /** rate(…) or cron(…), as EventBridge writes them. */
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly targets: readonly { readonly functionName: string; readonly input?: unknown }[];
}

/** A rule that waits for events. */
export interface EventRuleDescription {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  readonly enabled: boolean;
  readonly targets: readonly EventTargetDescription[];
}

export interface EventTargetDescription {
  readonly functionName: string;
  readonly functionArn: string;
  readonly input?: unknown;
  /** Undefined: as often, and for as long, as EventBridge does by itself. */
  readonly retriesMax?: number;
  readonly eventAgeMsMax?: number;
  readonly deadLetterQueueUrl?: string;
}

/** What becomes of events that a function fails at, where it was told of them and not asked. */
export interface EventInvokeDescription {
  readonly functionName: string;
  readonly functionArn: string;
  readonly retriesMax?: number;
  readonly eventAgeMsMax?: number;
  readonly onFailureQueueUrl?: string;
  readonly deadLetterQueueUrl?: string;
}

export interface HttpApiDescription {
  readonly apiId: string;
  readonly name: string;
  readonly stage: string;
  readonly routes: readonly RouteDescription[];
  readonly throttle: ThrottleDescription;
  /** How the stage writes a request down: text with `$context` variables. */
  readonly accessLogFormat?: string;
  readonly cors?: CorsDescription;
}

export interface RouteDescription {
  /** A method, ANY, or nothing for `$default`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly authorizer?: AuthorizerDescription;
  readonly scopes: readonly string[];
  /** Where the stage limits this route otherwise than the rest. */
  readonly throttle?: ThrottleDescription;
}

/** Requests per second in the long run, and how many may come at once. */
export interface ThrottleDescription {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export interface CorsDescription {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

export interface JwtAuthorizerDescription {
  readonly kind: 'jwt';
  readonly authorizerId: string;
  readonly identitySources: readonly string[];
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface LambdaAuthorizerDescription {
  readonly kind: 'lambda';
  readonly authorizerId: string;
  readonly identitySources: readonly string[];
  readonly functionName: string;
  readonly ttlMs: number;
}

export type AuthorizerDescription = JwtAuthorizerDescription | LambdaAuthorizerDescription;

export interface UserPoolDescription {
  readonly logicalId: string;
  readonly userPoolId: string;
  readonly clientIds: readonly string[];
}
