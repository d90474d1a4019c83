/**
 * The HTTP API with its two authorizers: device keys (Lambda) and staff tokens (JWT).
 *
 * A route names its authorizer when it is added, so that no route is open by oversight.
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

/** Ten thousand tills that post every five seconds. The limit of the account is higher and shared. */
const REQUESTS_PER_SECOND_MAX = 2000;

/** Many of them at once, when the network of a region is back. */
const REQUESTS_BURST_MAX = 4000;

/** A revoked key works for this much longer at most; without the cache every receipt would cost a second invocation. */
const DEVICE_AUTHORIZER_TTL = Duration.seconds(30);

/** Browsers repeat the CORS preflight after this. */
const PREFLIGHT_TTL = Duration.hours(1);

/**
 * The fields of the access log: no authorization header, no body, no person. Device and store are enough to find a
 * faulty till.
 */
const ACCESS_LOG_FIELDS = {
  at: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  deviceId: '$context.authorizer.loggedDeviceId',
  storeId: '$context.authorizer.storeId',
  gatewayError: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  functionError: '$context.integrationErrorMessage',
} as const;

export interface GatewayProps {
  readonly authorizeDevice: AisleFunction;
  /** The issuer of staff tokens, and the client that must be their audience. */
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
        // Any origin is safe: requests carry no cookies, only a token that the page must have itself.
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
      resultsCacheTtl: DEVICE_AUTHORIZER_TTL,
    });
    this.#staff = new HttpJwtAuthorizer('StaffAuthorizer', staff.issuer, { jwtAudience: [staff.clientId] });
  }

  /** Adds a POST route for devices. */
  devicesPost(path: string, to: AisleFunction): this {
    return this.#route(HttpMethod.POST, path, to, this.#devices);
  }

  /** Adds a route for signed-in staff that changes data or has a body. */
  staffRoute(method: 'PUT' | 'POST' | 'DELETE', path: string, to: AisleFunction): this {
    return this.#route(HttpMethod[method], path, to, this.#staff);
  }

  /** Adds a GET route for signed-in staff. */
  staffGet(path: string, to: AisleFunction): this {
    return this.#route(HttpMethod.GET, path, to, this.#staff);
  }

  /** Adds a GET route without an authorizer, with the reason why it may be public. */
  openGet(path: string, to: AisleFunction, reason: string): this {
    return this.#open(HttpMethod.GET, path, to, reason);
  }

  /** Adds the GET route of a page and the POST route of its form, without an authorizer, with the reason why they may be public. */
  openForm(path: string, to: AisleFunction, reason: string): this {
    return this.openGet(path, to, reason).#open(HttpMethod.POST, path, to, reason);
  }

  #open(method: HttpMethod.GET | HttpMethod.POST, path: string, to: AisleFunction, reason: string): this {
    const route = this.#route(method, path, to, new HttpNoneAuthorizer());
    acknowledge(this.node.findChild(`${method}${path}`), 'AwsSolutions-APIG4', reason);
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
