/** Preferences stored on this device: the language and the last scope. Figures and tokens are never stored. */
import { type Signal, signal } from '@preact/signals';
import { LANGUAGES, type Language, languageOf } from './view/words.ts';

const LANGUAGE_KEY = 'aisle.language';
const SCOPE_KEY = 'aisle.scope';

export interface Preferences {
  readonly language: Signal<Language>;
  chooseLanguage(language: Language): void;
  lastScope(): string | null;
  saveScope(scope: string): void;
}

/** Returns the result of a storage access, or null where the browser denies storage; the app works without it. */
function storageOrNull<T>(access: () => T): T | null {
  try {
    return access();
  } catch {
    return null;
  }
}

/** Loads the preferences of a page and sets its language. Without a stored language, the browser's first supported one applies. */
export function loadPreferences(page: Window): Preferences {
  const stored = storageOrNull(() => page.localStorage.getItem(LANGUAGE_KEY));
  const language = signal<Language>(
    LANGUAGES.find((supported) => supported === stored) ?? languageOf(page.navigator.languages),
  );
  const setPageLanguage = (chosen: Language) => {
    page.document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en';
  };
  setPageLanguage(language.value);
  return {
    language,
    chooseLanguage(chosen) {
      language.value = chosen;
      setPageLanguage(chosen);
      storageOrNull(() => page.localStorage.setItem(LANGUAGE_KEY, chosen));
    },
    lastScope: () => storageOrNull(() => page.localStorage.getItem(SCOPE_KEY)),
    saveScope(scope) {
      storageOrNull(() => page.localStorage.setItem(SCOPE_KEY, scope));
    },
  };
}
