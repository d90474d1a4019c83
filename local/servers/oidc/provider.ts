/**
 * The OpenID provider, set up to hand out what Cognito hands out: authorization code with PKCE for a public
 * client, refresh tokens, and access tokens that are JWTs with the person's groups. One thing differs: the
 * package makes no JWT without an audience, so the client is named twice, as `client_id` and as `aud`.
 */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, { type KoaContext } from 'oidc-provider';
import { providerMemory } from './memory.ts';
import { errorPage, signedOutPage, signOutPage } from './pages.ts';
import { accessClaims, type Person } from './people.ts';
import { SIGNING_ALGORITHM } from './signing-key.ts';
import { ACCESS_TOKEN_SECONDS } from './token.ts';

const SCOPES = 'openid profile offline_access';
/** A shift, as the user pool's client has it on AWS. */
const SIGNED_IN_SECONDS = 12 * 60 * 60;
/** Time enough to choose who to be. */
const INTERACTION_SECONDS = 60 * 60;
const CODE_SECONDS = 60;

export interface ProviderSetup {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: JWK;
  readonly people: readonly Person[];
  /** Where the client may be sent back to, after signing in and after signing out. */
  readonly home: string;
  /** The path of the page that asks who the person is. */
  readonly choosePath: (uid: string) => string;
}

export function createProvider({ issuer, clientId, key, people, home, choosePath }: ProviderSetup): Provider {
  const personOf = (id: string | undefined) => people.find((person) => person.id === id);
  const resource = new URL('/', issuer).href;

  const provider: Provider = new Provider(issuer, {
    adapter: providerMemory(),
    jwks: { keys: [key] },
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [home],
        post_logout_redirect_uris: [home],
        id_token_signed_response_alg: SIGNING_ALGORITHM,
      },
    ],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    pkce: { required: () => true },
    // The app shares this origin, and browsers name it on every POST; no page of another has business here.
    clientBasedCORS: (_: KoaContext, origin: string) => origin === new URL(issuer).origin,
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub', 'cognito:groups'], profile: ['name', 'preferred_username'] },
    // The claims go into the id token itself, as Cognito's do; nobody has to ask for them a second time.
    conformIdTokenClaims: false,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      RefreshToken: SIGNED_IN_SECONDS,
      Session: SIGNED_IN_SECONDS,
      Grant: SIGNED_IN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      AuthorizationCode: CODE_SECONDS,
    },
    interactions: { url: (_: KoaContext, { uid }: { readonly uid: string }) => choosePath(uid) },
    findAccount: (_: KoaContext, id: string) => account(personOf(id)),
    extraTokenClaims: (_: KoaContext, { accountId }: { readonly accountId?: string }) => {
      const person = personOf(accountId);
      return person && accessClaims(person);
    },
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    rotateRefreshToken: () => false,
    // There is one client and it is ours: what it asks for is granted without a second page.
    async loadExistingGrant({ oidc }: KoaContext) {
      const grant = new provider.Grant({ accountId: oidc.session?.accountId ?? '', clientId });
      grant.addOIDCScope(SCOPES);
      grant.addResourceScope(resource, SCOPES);
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      // Its access tokens would have to be opaque; everything it could say is in the id token.
      userinfo: { enabled: false },
      revocation: { enabled: true },
      // A resource is what makes an access token a JWT; there is one, and every token is for it.
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
        logoutSource: (ctx: KoaContext, form: string) => show(ctx, signOutPage(form)),
        postLogoutSuccessSource: (ctx: KoaContext) => show(ctx, signedOutPage()),
      },
    },
    renderError: (ctx: KoaContext, out: { readonly error: string; readonly error_description?: string }) =>
      show(ctx, errorPage(out.error, out.error_description ?? '')),
  });
  return provider;
}

function account(person: Person | undefined) {
  if (!person) return undefined;
  const { id, name, groups } = person;
  return {
    accountId: id,
    claims: () => ({ sub: id, name, preferred_username: id, 'cognito:groups': groups }),
  };
}

function show(ctx: KoaContext, html: string): void {
  ctx.type = 'html';
  ctx.body = html;
}
