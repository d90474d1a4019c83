/**
 * Sign-in with OpenID Connect: authorization code with PKCE, redirecting to `/`. Tokens are stored for the tab only.
 *
 * Tokens are renewed with the refresh token only. The alternative, a hidden frame at the issuer, is blocked by browsers as a
 * third party and by this app's content security policy.
 */
import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { AppConfig } from './config.ts';

/** Renewed this long before the expiry, so that no token expires while a request is in flight. */
const RENEW_BEFORE_S = 60;

export interface SignIn {
  /** Completes a redirect from the issuer, or loads the tab's session. Returns whether a user is signed in. */
  resume(): Promise<'signed in' | 'signed out'>;
  /** Returns the access token, renewed before it expires; undefined where it expired and could not be renewed. */
  token(): Promise<string | undefined>;
  /** Deletes a token that the service rejects. */
  discardToken(): Promise<void>;
  /** Redirects to the issuer's sign-in page. */
  redirect(): Promise<void>;
  /** Deletes the token and ends the issuer's session, if it supports that. */
  signOut(): Promise<void>;
  /** Returns the user's display name, if the token has one. */
  userName(): string | undefined;
}

/** Creates the sign-in of a page, a list of short methods; no request is made before `resume`. */
export function createSignIn(config: AppConfig, page: Window): SignIn {
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
  /** Concurrent requests share one renewal, because a refresh token may be valid only once. */
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
    async resume() {
      const query = new URLSearchParams(page.location.search);
      if (query.has('state') && (query.has('code') || query.has('error'))) {
        // The code is valid once; a reload or a bookmark must not send it again.
        page.history.replaceState(null, '', '/');
        user = await manager.signinRedirectCallback(`${home}?${query}`);
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
    async discardToken() {
      user = null;
      await manager.removeUser();
    },
    redirect: () => manager.signinRedirect(),
    async signOut() {
      const endSessionUrl = await manager.metadataService.getEndSessionEndpoint();
      if (endSessionUrl === undefined) {
        await manager.removeUser();
        page.location.assign(home);
        return;
      }
      // Cognito requires these two parameters; other issuers ignore them.
      await manager.signoutRedirect({ extraQueryParams: { client_id: config.clientId, logout_uri: home } });
    },
    userName: () => user?.profile.name ?? user?.profile.preferred_username ?? user?.profile.email,
  };
}
