/**
 * The OpenID provider, configured to issue what Cognito issues: authorization code with PKCE for a public
 * client, refresh tokens, and JWT access tokens with the groups of the staff. One difference: oidc-provider
 * issues no JWT without an audience, so the client's id is both `client_id` and `aud`.
 */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, { type KoaContext } from 'oidc-provider';
import { ACCESS_TOKEN_SECONDS } from './access-token.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { errorPage, signedOutPage, signOutPage } from './pages.ts';
import { SIGNING_ALGORITHM } from './signing-key.ts';
import { accessClaims, type StaffMember } from './staff.ts';

const SCOPES = 'openid profile offline_access';
/** A work shift, as configured for the user pool's client on AWS. */
const SIGNED_IN_SECONDS = 12 * 60 * 60;
/** How long the sign-in page may stay open. */
const INTERACTION_SECONDS = 60 * 60;
const CODE_SECONDS = 60;

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: JWK;
  readonly staff: readonly StaffMember[];
  /** The URL to return to after signing in and after signing out. */
  readonly home: string;
  /** Returns the path of the sign-in page of an interaction. */
  readonly signInPath: (uid: string) => string;
}

/** Returns the provider with its one client. */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, key, staff, home, signInPath } = options;
  const memberOf = (id: string | undefined) => staff.find((member) => member.id === id);
  const resource = new URL('/', issuer).href;

  const provider: Provider = new Provider(issuer, {
    adapter: memoryAdapter(),
    jwks: { keys: [key] },
    clients: [publicClient(clientId, home)],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    pkce: { required: () => true },
    // The app shares the issuer's origin, which browsers send on every POST; other origins are rejected.
    clientBasedCORS: (_: KoaContext, origin: string) => origin === new URL(issuer).origin,
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub', 'cognito:groups'], profile: ['name', 'preferred_username'] },
    // All claims are in the id token itself, as in Cognito's.
    conformIdTokenClaims: false,
    ttl: TTL_SECONDS,
    interactions: { url: (_: KoaContext, { uid }: { readonly uid: string }) => signInPath(uid) },
    findAccount: (_: KoaContext, id: string) => accountOf(memberOf(id)),
    extraTokenClaims: (_: KoaContext, { accountId }: { readonly accountId?: string }) => {
      const member = memberOf(accountId);
      return member && accessClaims(member);
    },
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    rotateRefreshToken: () => false,
    // The one client is Aisle's own app, so its scopes are granted without a consent page.
    async loadExistingGrant({ oidc }: KoaContext) {
      const grant = new provider.Grant({ accountId: oidc.session?.accountId ?? '', clientId });
      grant.addOIDCScope(SCOPES);
      grant.addResourceScope(resource, SCOPES);
      await grant.save();
      return grant;
    },
    features: featuresOf(clientId, resource),
    renderError: (ctx: KoaContext, out: { readonly error: string; readonly error_description?: string }) =>
      render(ctx, errorPage(out.error, out.error_description ?? '')),
  });
  return provider;
}

const TTL_SECONDS = {
  AccessToken: ACCESS_TOKEN_SECONDS,
  IdToken: ACCESS_TOKEN_SECONDS,
  RefreshToken: SIGNED_IN_SECONDS,
  Session: SIGNED_IN_SECONDS,
  Grant: SIGNED_IN_SECONDS,
  Interaction: INTERACTION_SECONDS,
  AuthorizationCode: CODE_SECONDS,
};

function publicClient(clientId: string, home: string) {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [home],
    post_logout_redirect_uris: [home],
    id_token_signed_response_alg: SIGNING_ALGORITHM,
  };
}

function featuresOf(clientId: string, resource: string) {
  return {
    devInteractions: { enabled: false },
    // It requires opaque access tokens; all its claims are in the id token.
    userinfo: { enabled: false },
    revocation: { enabled: true },
    // oidc-provider issues a JWT for a resource only; every token is for this one.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPES,
        audience: clientId,
        accessTokenFormat: 'jwt',
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        jwt: { sign: { alg: SIGNING_ALGORITHM } },
      }),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx: KoaContext, form: string) => render(ctx, signOutPage(form)),
      postLogoutSuccessSource: (ctx: KoaContext) => render(ctx, signedOutPage()),
    },
  };
}

function accountOf(member: StaffMember | undefined) {
  if (!member) return undefined;
  const { id, name, groups } = member;
  return {
    accountId: id,
    claims: () => ({ sub: id, name, preferred_username: id, 'cognito:groups': groups }),
  };
}

function render(ctx: KoaContext, html: string): void {
  ctx.type = 'html';
  ctx.body = html;
}
