/**
 * The resource types that the local cloud runs, and those that it omits on purpose. A type on neither list
 * fails the start by name: a silently missing resource would only show as a function that behaves differently
 * here and on AWS.
 */
import type { Resource } from './assembly.ts';
import { isCustomResource } from './describe/functions.ts';

/** Run locally. */
const RUN = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Location::GeofenceCollection',
  'AWS::Location::Tracker',
  'AWS::Location::TrackerConsumer',
  'AWS::Rekognition::Collection',
  'AWS::SQS::Queue',
]);

/** Omitted on purpose, by reason. */
const OMITTED = {
  'one process, one user: no access to control': [
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::KMS::Alias',
    'AWS::KMS::Key',
    'AWS::Lambda::Permission',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
    'AWS::WAFv2::WebACL',
    'AWS::WAFv2::WebACLAssociation',
  ],
  'the terminal shows logs and failures': [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::Logs::LogGroup',
    'AWS::Logs::MetricFilter',
    'AWS::Logs::QueryDefinition',
    'AWS::SNS::Subscription',
    'AWS::SNS::Topic',
  ],
  'the web app is served from dist/web': [
    'AWS::CloudFront::CachePolicy',
    'AWS::CloudFront::Distribution',
    'AWS::CloudFront::Function',
    'AWS::CloudFront::OriginAccessControl',
    'AWS::CloudFront::OriginRequestPolicy',
    'AWS::S3::Bucket',
  ],
  'the local issuer has its own sign-in page and staff': [
    'AWS::Cognito::ManagedLoginBranding',
    'AWS::Cognito::UserPoolDomain',
    'AWS::Cognito::UserPoolGroup',
    'AWS::Cognito::UserPoolResourceServer',
  ],
  'required by a deployment only': ['AWS::CDK::Metadata', 'AWS::Lambda::LayerVersion'],
} as const;

const omitted: ReadonlySet<string> = new Set(Object.values(OMITTED).flat());

/** Throws, with the id of each resource whose type is on neither list. */
export function rejectUnknownTypes(resources: readonly Resource[]): void {
  const unknown = resources.filter(
    ({ type }) => !RUN.has(type) && !omitted.has(type) && !isCustomResource(type),
  );
  if (unknown.length === 0) return;
  const named = unknown.map(({ stack, logicalId, type }) => `  ${type}  ${stack}/${logicalId}`).join('\n');
  throw new Error(`the local cloud neither runs nor omits on purpose:\n${named}`);
}
