/** Root component: renders one screen at a time. */
import type { ReadonlySignal } from '@preact/signals';
import type { Preferences } from '../preferences.ts';
import { WORDS } from '../view/words.ts';
import { Day } from './day.tsx';
import type { Screen } from './screen.ts';
import { Welcome } from './welcome.tsx';

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
