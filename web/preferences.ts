/** What the app remembers on this device: the language, and what was looked at last. Never a figure, never a token. */
import { type Signal, signal } from '@preact/signals';
import { LANGUAGES, type Language, languageOf } from './view/words.ts';

const LANGUAGE_KEY = 'aisle.language';
const SCOPE_KEY = 'aisle.scope';

export interface Preferences {
  readonly language: Signal<Language>;
  chooseLanguage(language: Language): void;
  lastScope(): string | null;
  rememberScope(scope: string): void;
}

/** A browser may refuse storage altogether; then nothing is remembered and everything else works. */
function quietly<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}

export function preferencesOf(page: Window): Preferences {
  const stored = quietly(() => page.localStorage.getItem(LANGUAGE_KEY));
  const language = signal<Language>(
    LANGUAGES.find((known) => known === stored) ?? languageOf(page.navigator.languages),
  );
  const show = (chosen: Language) => {
    page.document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en';
  };
  show(language.value);
  return {
    language,
    chooseLanguage(chosen) {
      language.value = chosen;
      show(chosen);
      quietly(() => page.localStorage.setItem(LANGUAGE_KEY, chosen));
    },
    lastScope: () => quietly(() => page.localStorage.getItem(SCOPE_KEY)),
    rememberScope(scope) {
      quietly(() => page.localStorage.setItem(SCOPE_KEY, scope));
    },
  };
}
