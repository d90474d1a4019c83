/**
 * The cloud that a template describes, as plain typed values: the parts to start and their wiring. Times
 * carry their unit in the name; functions are referred to by their physical name.
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
  readonly eventInvokeConfigs: readonly EventInvokeConfigDescription[];
  readonly httpApis: readonly HttpApiDescription[];
  readonly userPools: readonly UserPoolDescription[];
  /** Response headers of every file of the web app. */
  readonly webHeaders: Readonly<Record<string, string>>;
}

export interface FunctionDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The folder under functions/ (its POWERTOOLS_SERVICE_NAME), or its logical id. */
  readonly folder: string;
  /** Absolute path of the unpacked code asset. */
  readonly assetPath: string;
  /** `<module>.<export>` */
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
  /** Absent where the stream is on demand. */
  readonly shardCount?: number;
  readonly retentionHours: number;
}

export interface QueueDescription {
  readonly logicalId: string;
  readonly queueName: string;
  readonly url: string;
  readonly arn: string;
  /** The attributes of CreateQueue. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A Rekognition collection of faces. */
export interface CollectionDescription {
  readonly logicalId: string;
  readonly collectionId: string;
}

/**
 * An Amazon Location tracker: the positions of devices, and the filter that decides which of them count as a
 * move.
 */
export interface TrackerDescription {
  readonly logicalId: string;
  readonly trackerName: string;
  readonly arn: string;
  readonly positionFiltering: 'TimeBased' | 'DistanceBased' | 'AccuracyBased';
  /** Whether each position update is published as an event, beside the geofences' ENTER and EXIT. */
  readonly publishesPositions: boolean;
}

export interface FenceCollectionDescription {
  readonly logicalId: string;
  readonly collectionName: string;
  readonly arn: string;
}

/** Positions of the tracker are evaluated against the geofences of the collection. */
export interface TrackerConsumerDescription {
  readonly trackerName: string;
  readonly consumerArn: string;
}

/** The properties of an event source mapping of any source. */
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
  /** Absent: until the record expires. */
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
  /** `rate(…)` or `cron(…)` in EventBridge's notation. */
  readonly expression: string;
  readonly enabled: boolean;
  readonly targets: readonly { readonly functionName: string; readonly input?: unknown }[];
}

/** A rule with an event pattern. */
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
  /** Absent: EventBridge's default. */
  readonly retriesMax?: number;
  readonly eventAgeMsMax?: number;
  readonly deadLetterQueueUrl?: string;
}

/** The retries and the failure destinations of a function's asynchronous invocations. */
export interface EventInvokeConfigDescription {
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
  /** The stage's access log format: text with `$context` variables. */
  readonly accessLogFormat?: string;
  readonly cors?: CorsDescription;
}

export interface RouteDescription {
  /** `<METHOD> <path>`, `ANY <path>` or `$default`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly authorizer?: AuthorizerDescription;
  readonly scopes: readonly string[];
  /** Limits of this route, where they differ from the stage's. */
  readonly throttle?: ThrottleDescription;
}

/** Sustained requests per second, and the burst on top. */
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
