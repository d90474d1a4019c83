/** Entry point of the page: loads the configuration, completes or offers the sign-in, and renders the day. */
/// <reference types="vite/client" />
import { signal } from '@preact/signals';
import { render } from 'preact';
import { createModel } from './model.ts';
import { loadPreferences } from './preferences.ts';
import { App } from './ui/app.tsx';
import type { Screen } from './ui/screen.ts';
import { createApi } from './wire/api.ts';
import { fetchConfig } from './wire/config.ts';
import { createSignIn, type SignIn } from './wire/sign-in.ts';

const TICK_MS = 1_000;

const preferences = loadPreferences(window);
const screen = signal<Screen>({ kind: 'starting' });

async function start(): Promise<void> {
  screen.value = { kind: 'starting' };
  let config: Awaited<ReturnType<typeof fetchConfig>>;
  try {
    config = await fetchConfig((...args) => fetch(...args));
  } catch (error) {
    screen.value = { kind: 'unreachable', detail: textOf(error), retry };
    window.addEventListener('online', retry, { once: true });
    return;
  }
  const session = createSignIn(config, window);
  const signIn = () => {
    session.redirect().catch((error: unknown) => showSignIn(signIn, textOf(error)));
  };
  try {
    if ((await session.resume()) === 'signed out') showSignIn(signIn);
    else showDay(config.apiUrl, session, signIn);
  } catch (error) {
    showSignIn(signIn, textOf(error));
  }
}

const retry = () => void start();

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function showSignIn(signIn: () => void, problem?: string): void {
  screen.value = {
    kind: 'signed out',
    isSecure: window.isSecureContext,
    signIn,
    ...(problem === undefined ? {} : { problem }),
  };
}

function showDay(apiUrl: string, session: SignIn, signIn: () => void): void {
  const model = createModel({
    api: createApi({ apiUrl, fetch: (...args) => fetch(...args), token: () => session.token() }),
    environment: {
      isVisible: () => document.visibilityState === 'visible',
      isOnline: () => navigator.onLine,
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    clockMs: () => Date.now(),
    lastScope: preferences.lastScope,
    saveScope: preferences.saveScope,
    onSignedOut: () => void session.discardToken(),
  });
  const wake = () => model.wake();
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  window.addEventListener('offline', wake);
  setInterval(() => model.tick(), TICK_MS);
  model.start();
  const userName = session.userName();
  screen.value = {
    kind: 'day',
    model,
    apiUrl,
    signInAgain: signIn,
    // Signing out must also work offline: on a shared phone the token must not remain.
    signOut: () => {
      session.signOut().catch(() => session.discardToken().then(() => window.location.assign('/')));
    },
    ...(userName === undefined ? {} : { userName }),
  };
}

const root = document.getElementById('app');
if (root !== null) render(<App screen={screen} preferences={preferences} />, root);
void start();

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without the service worker, the app works except for opening it offline.
  navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
}
