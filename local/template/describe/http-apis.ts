/**
 * HTTP APIs. A template splits an API into resources (routes, integrations, authorizers, stages) that refer
 * to each other by id; here each route carries everything that a request on it needs.
 */
import * as v from 'valibot';
import type {
  AuthorizerDescription,
  CorsDescription,
  HttpApiDescription,
  RouteDescription,
  ThrottleDescription,
} from '../description.ts';
import { cognitoIssuer, userPoolId } from '../names.ts';
import type { ResolvedResource, ResolvedStacks } from '../resolved-stacks.ts';
import { CfnBoolean, CfnNumber, parseProperties } from './properties.ts';
import { functionNameOf } from './references.ts';

/** The account's quota, which applies where the stage sets no limit. */
const THROTTLE_DEFAULT: ThrottleDescription = { ratePerSecond: 10_000, burst: 5_000 };
/** API Gateway's maximum and default timeout of an integration. */
const INTEGRATION_TIMEOUT_MS_MAX = 30_000;

const Strings = v.optional(v.array(v.string()), []);

const ApiProperties = v.object({
  Name: v.string(),
  ProtocolType: v.literal('HTTP', 'only HTTP APIs are run locally'),
  CorsConfiguration: v.optional(
    v.object({
      AllowOrigins: Strings,
      AllowMethods: Strings,
      AllowHeaders: Strings,
      ExposeHeaders: Strings,
      AllowCredentials: v.optional(CfnBoolean, false),
      MaxAge: v.optional(CfnNumber),
    }),
  ),
});

const RouteProperties = v.object({
  ApiId: v.string(),
  RouteKey: v.string(),
  Target: v.string(),
  AuthorizationType: v.optional(v.picklist(['NONE', 'JWT', 'CUSTOM']), 'NONE'),
  AuthorizerId: v.optional(v.string()),
  AuthorizationScopes: Strings,
});

const IntegrationProperties = v.object({
  ApiId: v.string(),
  IntegrationType: v.literal('AWS_PROXY', 'only functions are integrated locally'),
  IntegrationUri: v.string(),
  PayloadFormatVersion: v.literal('2.0', 'only payload format 2.0 is supported locally'),
  TimeoutInMillis: v.optional(CfnNumber, INTEGRATION_TIMEOUT_MS_MAX),
});

const AuthorizerProperties = v.variant('AuthorizerType', [
  v.object({
    AuthorizerType: v.literal('JWT'),
    IdentitySource: v.array(v.string()),
    JwtConfiguration: v.object({ Audience: Strings, Issuer: v.string() }),
  }),
  v.object({
    AuthorizerType: v.literal('REQUEST'),
    IdentitySource: Strings,
    AuthorizerUri: v.string(),
    AuthorizerPayloadFormatVersion: v.literal('2.0', 'only payload format 2.0 is supported locally'),
    EnableSimpleResponses: v.pipe(CfnBoolean, v.literal(true, 'only simple responses are supported locally')),
    AuthorizerResultTtlInSeconds: v.optional(CfnNumber, 300),
  }),
]);

const RouteSettings = v.object({
  ThrottlingBurstLimit: v.optional(CfnNumber),
  ThrottlingRateLimit: v.optional(CfnNumber),
});

const StageProperties = v.object({
  ApiId: v.string(),
  StageName: v.string(),
  AccessLogSettings: v.optional(v.object({ Format: v.optional(v.string()) })),
  DefaultRouteSettings: v.optional(RouteSettings, {}),
  RouteSettings: v.optional(v.record(v.string(), RouteSettings), {}),
});

type Stage = v.InferOutput<typeof StageProperties>;

/**
 * Returns the APIs; `localIssuer` replaces the issuers of the template's user pools. Throws on unsupported
 * properties.
 */
export function describeHttpApis(stacks: ResolvedStacks, localIssuer: string): HttpApiDescription[] {
  return stacks.all('AWS::ApiGatewayV2::Api').map((api) => {
    const properties = parseProperties(ApiProperties, api);
    const apiId = api.identity.ref;
    const stage = soleStage(stacks, apiId, `${api.stack}/${api.logicalId}`);
    return {
      apiId,
      name: properties.Name,
      stage: stage.StageName,
      routes: describeRoutes(stacks, apiId, stage, localIssuer),
      throttle: throttleOf(stage.DefaultRouteSettings),
      ...(stage.AccessLogSettings?.Format !== undefined && {
        accessLogFormat: stage.AccessLogSettings.Format,
      }),
      ...(properties.CorsConfiguration && { cors: corsOf(properties.CorsConfiguration) }),
    };
  });
}

/** One address serves one stage, so a second stage of an API would stay unserved. */
function soleStage(stacks: ResolvedStacks, apiId: string, api: string): Stage {
  const stages = stacks
    .all('AWS::ApiGatewayV2::Stage')
    .map((resource) => parseProperties(StageProperties, resource))
    .filter(({ ApiId }) => ApiId === apiId);
  const [stage] = stages;
  if (!stage || stages.length > 1) throw new Error(`${api} has ${stages.length} stages; one is run locally`);
  return stage;
}

function describeRoutes(
  stacks: ResolvedStacks,
  apiId: string,
  stage: Stage,
  localIssuer: string,
): RouteDescription[] {
  const integrations = byId(stacks, 'AWS::ApiGatewayV2::Integration', (resource) =>
    parseProperties(IntegrationProperties, resource),
  );
  const authorizers = byId(stacks, 'AWS::ApiGatewayV2::Authorizer', (resource) =>
    describeAuthorizer(resource, stacks, localIssuer),
  );

  return stacks.all('AWS::ApiGatewayV2::Route').flatMap((resource) => {
    const route = parseProperties(RouteProperties, resource);
    if (route.ApiId !== apiId) return [];
    const integration = integrations.get(route.Target.replace(/^integrations\//, ''));
    if (!integration) throw new Error(`${resource.stack}/${resource.logicalId} has no integration`);
    const authorizer = route.AuthorizerId === undefined ? undefined : authorizers.get(route.AuthorizerId);
    if (route.AuthorizationType !== 'NONE' && !authorizer) {
      throw new Error(`${resource.stack}/${resource.logicalId} has no authorizer`);
    }
    const settings = stage.RouteSettings[route.RouteKey];
    return {
      routeKey: route.RouteKey,
      functionName: functionNameOf(integration.IntegrationUri),
      timeoutMs: integration.TimeoutInMillis,
      scopes: route.AuthorizationScopes,
      ...(authorizer && { authorizer }),
      ...(settings && { throttle: throttleOf(settings) }),
    };
  });
}

function describeAuthorizer(
  resource: ResolvedResource,
  stacks: ResolvedStacks,
  localIssuer: string,
): AuthorizerDescription {
  const properties = parseProperties(AuthorizerProperties, resource);
  const base = { authorizerId: resource.identity.ref, identitySources: properties.IdentitySource };
  if (properties.AuthorizerType === 'JWT') {
    const { Issuer, Audience } = properties.JwtConfiguration;
    const pools = stacks
      .all('AWS::Cognito::UserPool')
      .map(({ logicalId }) => cognitoIssuer(userPoolId(logicalId)));
    return {
      kind: 'jwt',
      ...base,
      issuer: pools.includes(Issuer) ? localIssuer : Issuer,
      audience: Audience,
    };
  }
  return {
    kind: 'lambda',
    ...base,
    functionName: functionNameOf(properties.AuthorizerUri),
    ttlMs: properties.AuthorizerResultTtlInSeconds * 1000,
  };
}

function byId<T>(
  stacks: ResolvedStacks,
  type: string,
  describe: (resource: ResolvedResource) => T,
): Map<string, T> {
  return new Map(stacks.all(type).map((resource) => [resource.identity.ref, describe(resource)]));
}

function throttleOf(settings: v.InferOutput<typeof RouteSettings>): ThrottleDescription {
  return {
    ratePerSecond: settings.ThrottlingRateLimit ?? THROTTLE_DEFAULT.ratePerSecond,
    burst: settings.ThrottlingBurstLimit ?? THROTTLE_DEFAULT.burst,
  };
}

function corsOf(
  cors: NonNullable<v.InferOutput<typeof ApiProperties>['CorsConfiguration']>,
): CorsDescription {
  return {
    allowOrigins: cors.AllowOrigins,
    allowMethods: cors.AllowMethods,
    allowHeaders: cors.AllowHeaders,
    exposeHeaders: cors.ExposeHeaders,
    allowCredentials: cors.AllowCredentials,
    ...(cors.MaxAge !== undefined && { maxAgeSeconds: cors.MaxAge }),
  };
}
