/** The app as a whole: one screen at a time. */
import type { ReadonlySignal } from '@preact/signals';
import type { Model } from '../model.ts';
import type { Preferences } from '../preferences.ts';
import { WORDS } from '../view/words.ts';
import { Day } from './day.tsx';
import { Welcome } from './welcome.tsx';

export type Screen =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unreachable'; readonly detail: string; readonly retry: () => void }
  | {
      readonly kind: 'signed out';
      readonly isSecure: boolean;
      readonly go: () => void;
      readonly problem?: string;
    }
  | {
      readonly kind: 'day';
      readonly model: Model;
      readonly apiUrl: string;
      readonly signInAgain: () => void;
      readonly signOut: () => void;
      readonly personName?: string;
    };

export function App({
  screen,
  preferences,
}: {
  readonly screen: ReadonlySignal<Screen>;
  readonly preferences: Preferences;
}) {
  const words = WORDS[preferences.language.value];
  const shown = screen.value;
  return shown.kind === 'day' ? (
    <Day screen={shown} preferences={preferences} words={words} />
  ) : (
    <Welcome screen={shown} preferences={preferences} words={words} />
  );
}
