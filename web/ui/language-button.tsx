/** Switches between the two languages. It shows the other language's name in that language, so that its readers find it. */
import type { Preferences } from '../preferences.ts';
import type { Words } from '../view/words.ts';

export function LanguageButton({
  preferences,
  words,
}: {
  readonly preferences: Preferences;
  readonly words: Words;
}) {
  const isChinese = preferences.language.value === 'zh';
  return (
    <button
      type="button"
      class="icon-button"
      title={words.language}
      lang={isChinese ? 'en' : 'zh-Hans'}
      onClick={() => preferences.chooseLanguage(isChinese ? 'en' : 'zh')}
    >
      {isChinese ? 'EN' : '中文'}
    </button>
  );
}
