/** The live page: scope, data status, three cards, the day's curve and the top products. */
import { useComputed } from '@preact/signals';
import type { Preferences } from '../preferences.ts';
import { cardViews } from '../view/cards.ts';
import { dataStatus, isStale } from '../view/data-status.ts';
import { scopeChoices } from '../view/scopes.ts';
import type { Words } from '../view/words.ts';
import { Cards } from './cards.tsx';
import { DayCurve } from './day-curve.tsx';
import { Logo, SignOutIcon } from './icons.tsx';
import { LanguageButton } from './language-button.tsx';
import { ScopeSwitcher } from './scope-switcher.tsx';
import type { Screen } from './screen.ts';
import { StatusBar } from './status-bar.tsx';
import { TopProducts } from './top-products.tsx';

interface DayProps {
  readonly screen: Extract<Screen, { kind: 'day' }>;
  readonly preferences: Preferences;
  readonly words: Words;
}

export function Day({ screen, preferences, words }: DayProps) {
  const { model } = screen;
  const language = preferences.language.value;
  const hasStaleData = useComputed(() => isStale(model.connection.value));
  const stores = model.stores.value;
  const hasNoAccess = stores !== undefined && model.scope.value === undefined;
  return (
    <>
      <header class="header">
        <div class="header-row">
          <Logo size={30} />
          <ScopeSwitcher
            choices={stores === undefined ? [] : scopeChoices(stores, language, words)}
            chosen={model.scope.value}
            day={model.day.value?.day}
            words={words}
            onChoose={model.chooseScope}
          />
          <LanguageButton preferences={preferences} words={words} />
          <button
            type="button"
            class="icon-button"
            aria-label={words.signOut}
            title={screen.userName === undefined ? words.signOut : `${words.signOut} · ${screen.userName}`}
            onClick={screen.signOut}
          >
            <SignOutIcon />
          </button>
        </div>
        <LiveStatusBar screen={screen} preferences={preferences} words={words} />
      </header>
      {model.isSignedOut.value ? (
        <div class="banner" role="alert">
          <p>{words.signInEnded}</p>
          <button type="button" class="button" onClick={screen.signInAgain}>
            {words.signInAgain}
          </button>
        </div>
      ) : null}
      <main class={hasStaleData.value ? 'day is-stale' : 'day'}>
        {hasNoAccess ? (
          <p class="empty">{words.noAccess}</p>
        ) : (
          <>
            <Cards cards={cardViews(model.figures.value, language, words)} words={words} />
            <DayCurve
              response={model.figures.value}
              timeZone={model.day.value?.timeZone ?? 'UTC'}
              language={language}
              words={words}
            />
            <TopProducts response={model.products.value} words={words} />
          </>
        )}
      </main>
      <footer class="footer">
        <span>{words.appName}</span>
        <a href={`${screen.apiUrl.replace(/\/+$/, '')}/docs`}>{words.docs}</a>
      </footer>
    </>
  );
}

/** A component of its own, so that the clock re-renders the status bar only. */
function LiveStatusBar({ screen, preferences, words }: DayProps) {
  const { model } = screen;
  const view = dataStatus(
    {
      response: model.figures.value,
      connection: model.connection.value,
      updatedAtMs: model.updatedAtMs.value,
      nowMs: model.nowMs.value,
      day: model.day.value,
    },
    preferences.language.value,
    words,
  );
  return <StatusBar view={view} words={words} />;
}
