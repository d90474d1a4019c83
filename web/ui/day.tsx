/** The live page: where, how far to trust it, three cards, the day's curve, the best sellers. */
import { useComputed } from '@preact/signals';
import type { Preferences } from '../preferences.ts';
import { cards } from '../view/cards.ts';
import { scopeChoices } from '../view/scopes.ts';
import { isStill, trust } from '../view/trust.ts';
import type { Words } from '../view/words.ts';
import { Cards } from './cards.tsx';
import { DayCurve } from './day-curve.tsx';
import { Leave, Mark } from './icons.tsx';
import { LanguageButton } from './language-button.tsx';
import { ScopeSwitcher } from './scope-switcher.tsx';
import type { Screen } from './screen.ts';
import { TopProducts } from './top-products.tsx';
import { TrustStrip } from './trust-strip.tsx';

interface DayProps {
  readonly screen: Extract<Screen, { kind: 'day' }>;
  readonly preferences: Preferences;
  readonly words: Words;
}

export function Day({ screen, preferences, words }: DayProps) {
  const { model } = screen;
  const language = preferences.language.value;
  const isStale = useComputed(() => isStill(model.connection.value));
  const stores = model.stores.value;
  const hasNothing = stores !== undefined && model.scope.value === undefined;
  return (
    <>
      <header class="top">
        <div class="top-row">
          <Mark size={30} />
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
            class="corner-button"
            aria-label={words.signOut}
            title={
              screen.personName === undefined ? words.signOut : `${words.signOut} · ${screen.personName}`
            }
            onClick={screen.signOut}
          >
            <Leave />
          </button>
        </div>
        <LiveTrustStrip screen={screen} preferences={preferences} words={words} />
      </header>
      {model.isSignedOut.value ? (
        <div class="banner" role="alert">
          <p>{words.signInEnded}</p>
          <button type="button" class="button" onClick={screen.signInAgain}>
            {words.signInAgain}
          </button>
        </div>
      ) : null}
      <main class={isStale.value ? 'day is-stale' : 'day'}>
        {hasNothing ? (
          <p class="empty">{words.nothingGranted}</p>
        ) : (
          <>
            <Cards cards={cards(model.figures.value, language, words)} words={words} />
            <DayCurve
              answer={model.figures.value}
              timeZone={model.day.value?.timeZone ?? 'UTC'}
              language={language}
              words={words}
            />
            <TopProducts answer={model.products.value} words={words} />
          </>
        )}
      </main>
      <footer class="foot">
        <span>{words.appName}</span>
        <a href={`${screen.apiUrl.replace(/\/+$/, '')}/docs`}>{words.docs}</a>
      </footer>
    </>
  );
}

/** Apart, so that the second hand moves this strip and nothing else on the page. */
function LiveTrustStrip({ screen, preferences, words }: DayProps) {
  const { model } = screen;
  const view = trust(
    {
      answer: model.figures.value,
      connection: model.connection.value,
      heardAtMs: model.heardAtMs.value,
      nowMs: model.nowMs.value,
      day: model.day.value,
    },
    preferences.language.value,
    words,
  );
  return <TrustStrip view={view} words={words} />;
}
