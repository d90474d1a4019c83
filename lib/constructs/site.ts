/**
 * The hosting of the web app: a private bucket behind CloudFront.
 *
 * The app is one page. A path without a file extension is a page of the app and returns index.html; a missing file
 * returns an error, because HTML in place of a script fails with a misleading message.
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

/** How long browsers that visited once use HTTPS only. */
const HSTS_AGE = Duration.days(730);

/** Access logs contain IP addresses: they serve to analyse an incident and are deleted after that. */
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
  /** The origins that the app may connect to, besides its own. */
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
      // The log delivery of CloudFront requires ACLs.
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
        // Each file has its own Cache-Control: a year for hashed names, no caching for index.html and config.json.
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
      'Staff travel; permissions depend on the account of the reader and not on the country.',
    );
    acknowledge(
      this,
      'AwsSolutions-CFR2',
      'Serves public static files only and no figures. The API has its own throttling and authorizers.',
    );
    acknowledge(
      this,
      'AwsSolutions-CFR4',
      'The minimum TLS version cannot be set with the default certificate; a chain with its own domain sets it there.',
    );
  }

  get origin(): string {
    return `https://${this.distribution.distributionDomainName}`;
  }

  /** Uploads the built app and its `config.json`, which the app reads first. */
  deploy(config: Readonly<Record<string, string>>): void {
    const logGroup = new LogGroup(this, 'UploadLogs', {
      logGroupName: logGroupName(this.#stack.stage, 'web-upload'),
      retention: LOG_RETENTION,
      removalPolicy: this.#stack.removalPolicy,
    });
    const app = this.#stack.assets.webApp();
    const shared = { destinationBucket: this.#files, logGroup, memoryLimit: UPLOAD_MEMORY_MB, prune: false };
    // Hashed files first, never pruned: a page opened before the deployment still finds its scripts.
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
      // Revalidated at each request, so a deployment is visible at once without an invalidation.
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
      // In every stage: a bucket must be empty to be deleted, and a function that empties buckets is a risk of its own.
      removalPolicy: RemovalPolicy.RETAIN,
      ...more,
    });
    (bucket.node.defaultChild as CfnBucket).overrideLogicalId(id);
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Holds public files, or is a log bucket itself; access logs of these have no use.',
    );
    // The class declares `policy` as undefined and the interface as absent: equal but for exactOptionalPropertyTypes.
    return bucket as IBucket;
  }
}

/**
 * Acknowledges the findings on the CDK's own uploader, a Lambda with a role that the CDK defines. A replacement would need
 * the same permissions: reading every object of the asset bucket and writing every object of the site's.
 */
function acknowledgeUploader(deployment: BucketDeployment): void {
  const uploader = deployment.handlerRole.node.scope;
  if (uploader === undefined)
    throw new Error('the BucketDeployment of this CDK version has no uploader function');
  const because = (reason: string, ...ids: readonly `AwsSolutions-${string}`[]) => {
    for (const id of ids) acknowledge(uploader, id, reason);
  };
  because(
    'The CDK release sets the runtime of this Lambda; the release is pinned and kept up to date.',
    'AwsSolutions-L1',
  );
  because(
    'Allows writing logs only; the CDK defines the policy.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  );
  because(
    'Reads the staged assets, and writes and deletes in the bucket of public files only.',
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
 * Returns the security headers. The app loads its own files only and connects to its API and sign-in only, so an
 * injected script could not send a token elsewhere.
 */
function securityHeaders(scope: Construct, connectTo: readonly string[]): ResponseHeadersPolicy {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'", // Charts set their size with style attributes.
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
