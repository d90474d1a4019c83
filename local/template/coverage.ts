/**
 * Which resource types the local cloud runs, and which it knows it need not run. A type on neither list
 * stops the start with its name: a resource that is silently missing would only show as a function that
 * works here and not on AWS, or the reverse.
 */
import type { Resource } from './assembly.ts';
import { isCustomResource } from './describe/functions.ts';

/** Described, and started. */
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
  'AWS::Scheduler::Schedule',
]);

/** Left out on purpose, by the reason why. */
const LEFT_OUT = {
  'one process, one user: nobody to keep out': [
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
  'the terminal shows what happens': [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::Logs::LogGroup',
    'AWS::Logs::MetricFilter',
    'AWS::Logs::QueryDefinition',
    'AWS::SNS::Subscription',
    'AWS::SNS::Topic',
  ],
  'the web app is served straight from dist/web': [
    'AWS::CloudFront::CachePolicy',
    'AWS::CloudFront::Distribution',
    'AWS::CloudFront::Function',
    'AWS::CloudFront::OriginAccessControl',
    'AWS::CloudFront::OriginRequestPolicy',
    'AWS::S3::Bucket',
  ],
  'the local issuer has its own sign-in page and its own people': [
    'AWS::Cognito::ManagedLoginBranding',
    'AWS::Cognito::UserPoolDomain',
    'AWS::Cognito::UserPoolGroup',
    'AWS::Cognito::UserPoolResourceServer',
  ],
  'only a deployment needs them': [
    'AWS::CDK::Metadata',
    'AWS::Lambda::LayerVersion',
    'AWS::Scheduler::ScheduleGroup',
  ],
} as const;

const leftOut: ReadonlySet<string> = new Set(Object.values(LEFT_OUT).flat());

/** Throws, naming each resource the local cloud would lack. */
export function refuseUnknown(resources: readonly Resource[]): void {
  const unknown = resources.filter(
    ({ type }) => !RUN.has(type) && !leftOut.has(type) && !isCustomResource(type),
  );
  if (unknown.length === 0) return;
  const named = unknown.map(({ stack, logicalId, type }) => `  ${type}  ${stack}/${logicalId}`).join('\n');
  throw new Error(`the local cloud neither runs nor knowingly leaves out:\n${named}`);
}
