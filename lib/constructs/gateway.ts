/**
 * The HTTP API: the one door for tills and screens, with both doormen.
 *
 * Tills show a key, which a function looks up; people show a token of the staff pool, which the gateway checks by
 * itself. A route names the doorman it needs when it is added, so that no route is open by oversight.
 */
import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnApi,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { AisleFunction } from './aisle-function.ts';
import type { AisleStack } from './aisle-stack.ts';
import { LOG_RETENTION, logGroupName } from './logs.ts';
import { acknowledge } from './nag.ts';

/** Ten thousand tills that post every five seconds. The account's own limit lies above it and is shared. */
const REQUESTS_PER_SECOND_MAX = 2000;

/** All of them at once, when a region's network comes back. */
const REQUESTS_BURST_MAX = 4000;

/** A revoked key works this much longer at most; without the cache every receipt would cost a second invocation. */
const DEVICE_ANSWER_TTL = Duration.seconds(30);

/** Browsers ask again whether they may after this. */
const PREFLIGHT_TTL = Duration.hours(1);

/**
 * What is written of each request. Never the authorization header, never a body, never a person: the device and
 * its store are enough to find a till that misbehaves.
 */
const ACCESS_LOG_FIELDS = {
  at: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  deviceId: '$context.authorizer.deviceId',
  storeId: '$context.authorizer.storeId',
  gatewayError: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  functionError: '$context.integrationErrorMessage',
} as const;

export interface GatewayProps {
  readonly authorizeDevice: AisleFunction;
  /** Who signs the tokens of people, and the client they must be meant for. */
  readonly staff: { readonly issuer: string; readonly clientId: string };
}

export class Gateway extends HttpApi {
  readonly stage: HttpStage;
  readonly #devices: IHttpRouteAuthorizer;
  readonly #staff: IHttpRouteAuthorizer;

  constructor(scope: AisleStack, id: string, { authorizeDevice, staff }: GatewayProps) {
    super(scope, id, {
      description: 'Aisle: receipts in, figures out',
      createDefaultStage: false,
      corsPreflight: {
        // Any page may ask: no cookie ever speaks for a user here, only a token that the page must hold itself.
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
        allowHeaders: ['authorization', 'content-type'],
        maxAge: PREFLIGHT_TTL,
      },
    });
    (this.node.defaultChild as CfnApi).overrideLogicalId(id);

    const accessLogs = new LogGroup(scope, 'AccessLogs', {
      logGroupName: logGroupName(scope.stage, 'requests'),
      retention: LOG_RETENTION,
      removalPolicy: scope.removalPolicy,
    });
    this.stage = new HttpStage(scope, 'DefaultStage', {
      httpApi: this,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: REQUESTS_PER_SECOND_MAX, burstLimit: REQUESTS_BURST_MAX },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.#devices = new HttpLambdaAuthorizer('DeviceAuthorizer', authorizeDevice, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: DEVICE_ANSWER_TTL,
    });
    this.#staff = new HttpJwtAuthorizer('StaffAuthorizer', staff.issuer, { jwtAudience: [staff.clientId] });
  }

  /** A route for tills and sensors. */
  devicesPost(path: string, to: AisleFunction): this {
    return this.#route(HttpMethod.POST, path, to, this.#devices);
  }

  /** A route for people who are signed in and change something. */
  staffRoute(method: 'PUT' | 'POST' | 'DELETE', path: string, to: AisleFunction): this {
    return this.#route(HttpMethod[method], path, to, this.#staff);
  }

  /** A route for people who are signed in. */
  staffGet(path: string, to: AisleFunction): this {
    return this.#route(HttpMethod.GET, path, to, this.#staff);
  }

  /** A route for everybody, with the reason why that is right. */
  openGet(path: string, to: AisleFunction, reason: string): this {
    const route = this.#route(HttpMethod.GET, path, to, new HttpNoneAuthorizer());
    acknowledge(this.node.findChild(`GET${path}`), 'AwsSolutions-APIG4', reason);
    return route;
  }

  #route(method: HttpMethod, path: string, to: AisleFunction, authorizer: IHttpRouteAuthorizer): this {
    this.addRoutes({
      path,
      methods: [method],
      authorizer,
      integration: new HttpLambdaIntegration(`${to.node.id}Integration`, to),
    });
    return this;
  }
}
