/**
 * The physical name, ARN or URL of each resource in the local cloud. Names derive from the stack and the
 * logical id, which the CDK keeps stable, so a restart on the same data finds its tables and queues again.
 * CloudFormation's random suffix is omitted for that reason.
 */
import type { Resource } from './assembly.ts';

/** The account and the region of every local ARN; the SDK's clients use the same region. */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';

/** The addresses of the running servers. */
export interface Addresses {
  /** Base of the SQS server, without a trailing slash: queue URLs are `<base>/<account>/<name>`. */
  readonly sqsUrl: string;
  /** Base of the HTTP API, without a trailing slash. */
  readonly apiUrl: string;
  /** The issuer that replaces every Cognito user pool. */
  readonly issuer: string;
  /** The OIDC client that replaces every user pool client. */
  readonly clientId: string;
}

export interface Identity {
  readonly ref: string;
  /** Returns the value of `Fn::GetAtt`, or undefined where the resource has no such attribute. */
  attribute(name: string): string | undefined;
}

type Naming = (name: string, addresses: Addresses, resource: Resource) => Identity;

/** The property with the physical name, where a stack sets one. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Rekognition::Collection': 'CollectionId',
  'AWS::Location::Tracker': 'TrackerName',
  'AWS::Location::GeofenceCollection': 'CollectionName',
  'AWS::Events::Rule': 'Name',
  'AWS::ApiGatewayV2::Stage': 'StageName',
};

const NAMING: Readonly<Record<string, Naming>> = {
  'AWS::DynamoDB::Table': tableIdentity,
  'AWS::DynamoDB::GlobalTable': tableIdentity,
  'AWS::Kinesis::Stream': (name) => identity(name, { Arn: arn('kinesis', `stream/${name}`) }),
  'AWS::SQS::Queue': (name, { sqsUrl }) => {
    const url = `${sqsUrl}/${ACCOUNT_ID}/${name}`;
    return identity(url, { Arn: arn('sqs', name), QueueName: name, QueueUrl: url });
  },
  'AWS::Lambda::Function': (name) => identity(name, { Arn: arn('lambda', `function:${name}`) }),
  'AWS::Rekognition::Collection': (name) => identity(name, { Arn: arn('rekognition', `collection/${name}`) }),
  'AWS::Location::Tracker': (name) => {
    const own = arn('geo', `tracker/${name}`);
    return identity(name, { Arn: own, TrackerArn: own });
  },
  'AWS::Location::GeofenceCollection': (name) => {
    const own = arn('geo', `geofence-collection/${name}`);
    return identity(name, { Arn: own, CollectionArn: own });
  },
  'AWS::Events::Rule': (name) => identity(name, { Arn: arn('events', `rule/${name}`) }),
  'AWS::ApiGatewayV2::Api': (_, { apiUrl }, { logicalId }) => {
    const id = logicalId.toLowerCase();
    return identity(id, { ApiId: id, ApiEndpoint: apiUrl });
  },
  'AWS::ApiGatewayV2::Authorizer': byLogicalId('AuthorizerId'),
  'AWS::ApiGatewayV2::Integration': byLogicalId('IntegrationId'),
  'AWS::ApiGatewayV2::Route': byLogicalId('RouteId'),
  'AWS::ApiGatewayV2::Stage': (name) => identity(name, {}),
  'AWS::Cognito::UserPool': (_, { issuer }, { logicalId }) => {
    const id = userPoolId(logicalId);
    return identity(id, {
      UserPoolId: id,
      Arn: arn('cognito-idp', `userpool/${id}`),
      ProviderName: `cognito-idp.${REGION}.amazonaws.com/${id}`,
      ProviderURL: issuer,
    });
  },
  'AWS::Cognito::UserPoolClient': (_, { clientId }) => identity(clientId, { ClientId: clientId }),
};

/** Returns the names of a resource. */
export function identify(resource: Resource, addresses: Addresses): Identity {
  const naming = NAMING[resource.type] ?? unservedIdentity;
  return naming(physicalName(resource), addresses, resource);
}

/** Returns the id of a user pool, from which templates build the pool's issuer. */
export function userPoolId(logicalId: string): string {
  return `${REGION}_${logicalId}`;
}

/** Returns the issuer of a pool on AWS, as the template has it; the local issuer replaces it. */
export function cognitoIssuer(poolId: string): string {
  return `https://cognito-idp.${REGION}.amazonaws.com/${poolId}`;
}

/** Returns the name that the template sets, or one derived from the stack and the logical id. */
function physicalName({ type, stack, logicalId, properties }: Resource): string {
  const property = NAME_PROPERTY[type];
  const explicit = property === undefined ? undefined : (properties as Record<string, unknown>)[property];
  return typeof explicit === 'string' ? explicit : `${stack}-${logicalId}`;
}

function tableIdentity(name: string): Identity {
  return identity(name, { Arn: arn('dynamodb', `table/${name}`) });
}

function byLogicalId(attribute: string): Naming {
  return (_, __, { logicalId }) => identity(logicalId, { [attribute]: logicalId });
}

/**
 * Resources that are not run locally (roles, alarms, buckets) still have names: those that run may refer to
 * them.
 */
function unservedIdentity(name: string, _: Addresses, { type }: Resource): Identity {
  const service = type.split('::')[1]?.toLowerCase() ?? 'unknown';
  return {
    ref: name,
    attribute: (requested) =>
      requested === 'Arn' ? arn(service, name) : `${name}.${requested.toLowerCase()}.invalid`,
  };
}

function identity(ref: string, attributes: Readonly<Record<string, string>>): Identity {
  return { ref, attribute: (name) => attributes[name] };
}

function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
}
