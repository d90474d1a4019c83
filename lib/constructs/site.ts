/**
 * The web app's place on the internet: a private bucket behind CloudFront.
 *
 * The app is one page. A path without a file extension is a page of the app and gets index.html; a missing file
 * stays missing, because a script tag that is answered with a page fails in ways nobody can read.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLevel,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { AisleStack } from './aisle-stack.ts';
import { LOG_RETENTION, logGroupName } from './logs.ts';
import { acknowledge } from './nag.ts';

/** What a browser may still be told after the first visit: to come back by HTTPS only, for two years. */
const HSTS_AGE = Duration.days(730);

/** Who asked for a page of the app is of use while an incident is looked into, and personal after that. */
const VIEWER_LOG_RETENTION = Duration.days(30);

/** The uploader unpacks the whole app in memory. */
const UPLOAD_MEMORY_MB = 512;

const PAGES_GET_INDEX = `
function handler(event) {
  var request = event.request;
  if (!/\\.[a-z0-9]+$/i.test(request.uri)) request.uri = '/index.html';
  return request;
}`;

export interface SiteProps {
  /** Besides itself, the origins the app may talk to. */
  readonly connectTo: readonly string[];
}

export class Site extends Construct {
  readonly distribution: Distribution;
  readonly #stack: AisleStack;
  readonly #files: IBucket;

  constructor(scope: AisleStack, id: string, { connectTo }: SiteProps) {
    super(scope, id);
    this.#stack = scope;
    const viewerLogs = this.#privateBucket('ViewerLogs', {
      // CloudFront's log delivery writes with an ACL and in no other way.
      objectOwnership: ObjectOwnership.OBJECT_WRITER,
      lifecycleRules: [{ expiration: VIEWER_LOG_RETENTION }],
    });
    this.#files = this.#privateBucket('WebFiles');
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Aisle ${scope.stage}: the web app`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableLogging: true,
      logBucket: viewerLogs,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.#files, {
          originAccessLevels: [AccessLevel.READ],
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // Each file says itself how long it keeps: hashed names for a year, index.html and config.json not at all.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: securityHeaders(this, connectTo),
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new EdgeFunction(this, 'PagesGetIndex', {
              code: FunctionCode.fromInline(PAGES_GET_INDEX),
              runtime: FunctionRuntime.JS_2_0,
            }),
          },
        ],
      },
    });
    (this.distribution.node.defaultChild as CfnDistribution).overrideLogicalId(id);
    acknowledge(
      this,
      'AwsSolutions-CFR1',
      'Staff travel; where a reader sits is no measure of who may read.',
    );
    acknowledge(
      this,
      'AwsSolutions-CFR2',
      'Public, static files only: no figure passes here. The API has its own throttle and both authorizers.',
    );
    acknowledge(
      this,
      'AwsSolutions-CFR4',
      'With the certificate of cloudfront.net the TLS floor is not ours to set; a chain with its own domain sets it there.',
    );
  }

  get origin(): string {
    return `https://${this.distribution.distributionDomainName}`;
  }

  /** Uploads the built app, and beside it the `config.json` the app reads before anything else. */
  deploy(config: Readonly<Record<string, string>>): void {
    const logGroup = new LogGroup(this, 'UploadLogs', {
      logGroupName: logGroupName(this.#stack.stage, 'web-upload'),
      retention: LOG_RETENTION,
      removalPolicy: this.#stack.removalPolicy,
    });
    const app = this.#stack.assets.webApp();
    const shared = { destinationBucket: this.#files, logGroup, memoryLimit: UPLOAD_MEMORY_MB, prune: false };
    // Hashed files first and never pruned: a page that was opened before the deployment still finds its scripts.
    const files = new BucketDeployment(this, 'HashedFiles', {
      ...shared,
      sources: [app],
      exclude: ['*'],
      include: ['assets/*'],
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const pages = new BucketDeployment(this, 'Pages', {
      ...shared,
      sources: [app, Source.jsonData('config.json', config)],
      exclude: ['assets/*'],
      // Asked for anew each time, so a deployment shows at once and nothing at the edge needs to be invalidated.
      cacheControl: [CacheControl.noCache()],
    });
    pages.node.addDependency(files);
    acknowledgeUploader(pages);
  }

  #privateBucket(
    id: string,
    more: { objectOwnership?: ObjectOwnership; lifecycleRules?: { expiration: Duration }[] } = {},
  ): IBucket {
    const bucket = new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // In every stage: the helper that could empty a bucket before its deletion can as well empty the wrong one.
      removalPolicy: RemovalPolicy.RETAIN,
      ...more,
    });
    (bucket.node.defaultChild as CfnBucket).overrideLogicalId(id);
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Holds public files, or logs already; a log of the log has no reader.',
    );
    // The class's `policy` may be undefined and the interface's may be absent: the same thing, said two ways.
    return bucket as IBucket;
  }
}

/**
 * The CDK's own uploader is a Lambda with a role of its own making. Writing another would bring the same
 * permissions and our own mistakes: it must read every object of the deployment's bucket and write any of ours.
 */
function acknowledgeUploader(deployment: BucketDeployment): void {
  const uploader = deployment.handlerRole.node.scope;
  if (uploader === undefined) throw new Error('the uploader of the CDK has changed its shape');
  const because = (reason: string, ...ids: readonly `AwsSolutions-${string}`[]) => {
    for (const id of ids) acknowledge(uploader, id, reason);
  };
  because(
    'The runtime of this Lambda is chosen by the CDK release, which is pinned and kept up to date.',
    'AwsSolutions-L1',
  );
  because(
    'Writes its log and nothing else; the policy is fixed inside the CDK.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  );
  because(
    'Reads what the deployment staged, and writes and deletes in the bucket of public files only.',
    'AwsSolutions-IAM5[Action::s3:GetBucket*]',
    'AwsSolutions-IAM5[Action::s3:GetObject*]',
    'AwsSolutions-IAM5[Action::s3:List*]',
    'AwsSolutions-IAM5[Action::s3:Abort*]',
    'AwsSolutions-IAM5[Action::s3:DeleteObject*]',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
    'AwsSolutions-IAM5[Resource::<WebFiles.Arn>/*]',
  );
}

/**
 * The app loads only what it was deployed with and talks only to its API and its sign-in, so that a script that
 * slipped in would have nowhere to send a token to.
 */
function securityHeaders(scope: Construct, connectTo: readonly string[]): ResponseHeadersPolicy {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'", // Charts size themselves with style attributes.
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ${connectTo.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return new ResponseHeadersPolicy(scope, 'SecurityHeaders', {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: policy.join('; '), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: HSTS_AGE, includeSubdomains: true, override: true },
    },
  });
}
