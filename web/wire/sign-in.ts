/**
 * Signing in with OpenID Connect: authorization code with PKCE, back to `/`. Nothing is kept beyond the tab.
 *
 * The token is renewed with its refresh token or not at all: the other way, a hidden frame at the issuer, is
 * blocked by today's browsers as a third party, and by this app's own content policy.
 */
import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { AppConfig } from './config.ts';

/** Asked for again so long before the end, so that no request leaves with a token that ends on the way. */
const RENEW_BEFORE_S = 60;

export interface SignIn {
  /** Whether somebody is signed in; finishes the sign-in where the page is where the issuer sent them back to. */
  begin(): Promise<'signed in' | 'signed out'>;
  /** The access token, renewed where it is about to end; undefined where it ended and could not be renewed. */
  token(): Promise<string | undefined>;
  /** Forgets a token that the service does not take. */
  distrust(): Promise<void>;
  go(): Promise<void>;
  leave(): Promise<void>;
  /** What to call the person. */
  personName(): string | undefined;
}

export function signInWith(config: AppConfig, page: Window): SignIn {
  const home = `${page.location.origin}/`;
  const store = new WebStorageStateStore({ store: page.sessionStorage });
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    response_type: 'code',
    scope: 'openid profile',
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    monitorSession: false,
    accessTokenExpiringNotificationTimeInSeconds: RENEW_BEFORE_S,
  });
  let user: User | null = null;
  /** Requests that find the token ending at the same moment share one renewal: a refresh token may be good once only. */
  let renewal: Promise<User | null> | undefined;

  async function renew(refreshable: User): Promise<User | null> {
    if (refreshable.refresh_token === undefined) return null;
    renewal ??= manager
      .signinSilent()
      .catch(() => null)
      .finally(() => {
        renewal = undefined;
      });
    return await renewal;
  }

  return {
    async begin() {
      const answer = new URLSearchParams(page.location.search);
      if (answer.has('state') && (answer.has('code') || answer.has('error'))) {
        // The code is good once; a reload or a bookmark must not show it again.
        page.history.replaceState(null, '', '/');
        user = await manager.signinRedirectCallback(`${home}?${answer}`);
      } else {
        page.history.replaceState(null, '', '/');
        user = await manager.getUser();
      }
      return user !== null && (user.expired !== true || user.refresh_token !== undefined)
        ? 'signed in'
        : 'signed out';
    },
    async token() {
      if (user === null) return undefined;
      if ((user.expires_in ?? Number.POSITIVE_INFINITY) > RENEW_BEFORE_S) return user.access_token;
      const renewed = await renew(user);
      if (renewed !== null) user = renewed;
      return user.expired === true ? undefined : user.access_token;
    },
    async distrust() {
      user = null;
      await manager.removeUser();
    },
    go: () => manager.signinRedirect(),
    async leave() {
      const endsSessions = await manager.metadataService.getEndSessionEndpoint();
      if (endsSessions === undefined) {
        await manager.removeUser();
        page.location.assign(home);
        return;
      }
      // Cognito wants its own two names; others pass over what they do not know.
      await manager.signoutRedirect({ extraQueryParams: { client_id: config.clientId, logout_uri: home } });
    },
    personName: () => user?.profile.name ?? user?.profile.preferred_username ?? user?.profile.email,
  };
}
