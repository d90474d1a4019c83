/** The screens before the figures: starting, service unreachable, signed out. */
import type { Preferences } from '../preferences.ts';
import type { Words } from '../view/words.ts';
import { Logo } from './icons.tsx';
import { LanguageButton } from './language-button.tsx';
import type { Screen } from './screen.ts';

interface WelcomeProps {
  readonly screen: Exclude<Screen, { kind: 'day' }>;
  readonly preferences: Preferences;
  readonly words: Words;
}

export function Welcome({ screen, preferences, words }: WelcomeProps) {
  return (
    <main class="welcome">
      <div class="welcome-language">
        <LanguageButton preferences={preferences} words={words} />
      </div>
      <div class="welcome-card">
        <Logo size={56} />
        <h1>{words.appName}</h1>
        <p class="welcome-tagline">{words.tagline}</p>
        <div class="welcome-action" aria-live="polite">
          <Action screen={screen} words={words} />
        </div>
      </div>
    </main>
  );
}

function Action({ screen, words }: Omit<WelcomeProps, 'preferences'>) {
  switch (screen.kind) {
    case 'starting':
      return <p class="muted">{words.starting}</p>;
    case 'unreachable':
      return (
        <>
          <button type="button" class="button" onClick={screen.retry}>
            {words.retry}
          </button>
          <p class="error" role="alert">
            {words.unreachable} <span class="muted">{screen.detail}</span>
          </p>
        </>
      );
    case 'signed out':
      return (
        <>
          <button type="button" class="button" onClick={screen.signIn}>
            {words.signIn}
          </button>
          {screen.isSecure ? null : (
            <p class="error" role="alert">
              {words.insecure}
            </p>
          )}
          {screen.problem === undefined ? null : (
            <p class="error" role="alert">
              {words.signInFailed}: <span class="muted">{screen.problem}</span>
            </p>
          )}
        </>
      );
  }
}
