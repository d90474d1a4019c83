/** Where the page begins: reads the configuration, finishes or asks for the sign-in, and shows the day. */
import { signal } from '@preact/signals';
import { render } from 'preact';
import { modelOf } from './model.ts';
import { preferencesOf } from './preferences.ts';
import { App } from './ui/app.tsx';
import type { Screen } from './ui/screen.ts';
import { apiOver } from './wire/api.ts';
import { fetchConfig } from './wire/config.ts';
import { type SignIn, signInWith } from './wire/sign-in.ts';

const TICK_MS = 1_000;

const preferences = preferencesOf(window);
const screen = signal<Screen>({ kind: 'starting' });

async function begin(): Promise<void> {
  screen.value = { kind: 'starting' };
  let config: Awaited<ReturnType<typeof fetchConfig>>;
  try {
    config = await fetchConfig((...asked) => fetch(...asked));
  } catch (error) {
    screen.value = { kind: 'unreachable', detail: textOf(error), retry };
    window.addEventListener('online', retry, { once: true });
    return;
  }
  const signIn = signInWith(config, window);
  const go = () => {
    signIn.go().catch((error: unknown) => askToSignIn(go, textOf(error)));
  };
  try {
    if ((await signIn.begin()) === 'signed out') askToSignIn(go);
    else showDay(config.apiUrl, signIn, go);
  } catch (error) {
    askToSignIn(go, textOf(error));
  }
}

const retry = () => void begin();

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function askToSignIn(go: () => void, problem?: string): void {
  screen.value = {
    kind: 'signed out',
    isSecure: window.isSecureContext,
    go,
    ...(problem === undefined ? {} : { problem }),
  };
}

function showDay(apiUrl: string, signIn: SignIn, go: () => void): void {
  const model = modelOf({
    api: apiOver({ apiUrl, fetch: (...asked) => fetch(...asked), token: () => signIn.token() }),
    surroundings: {
      isVisible: () => document.visibilityState === 'visible',
      isOnline: () => navigator.onLine,
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    clockMs: () => Date.now(),
    lastScope: preferences.lastScope,
    rememberScope: preferences.rememberScope,
    onSignedOut: () => void signIn.distrust(),
  });
  const wake = () => model.wake();
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  window.addEventListener('offline', wake);
  setInterval(() => model.tick(), TICK_MS);
  model.start();
  const personName = signIn.personName();
  screen.value = {
    kind: 'day',
    model,
    apiUrl,
    signInAgain: go,
    // A line that is down must not keep somebody signed in on a shared phone.
    signOut: () => {
      signIn.leave().catch(() => signIn.distrust().then(() => window.location.assign('/')));
    },
    ...(personName === undefined ? {} : { personName }),
  };
}

const root = document.getElementById('app');
if (root !== null) render(<App screen={screen} preferences={preferences} />, root);
void begin();

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the app works all the same, but for opening it without a line.
  navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
}
