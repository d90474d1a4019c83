/** The current scope as the page title, with a native select to change it. */
import type { ScopeChoice } from '../view/scopes.ts';
import type { Words } from '../view/words.ts';
import { ChevronIcon } from './icons.tsx';

interface ScopeSwitcherProps {
  readonly choices: readonly ScopeChoice[];
  readonly chosen: string | undefined;
  readonly day: string | undefined;
  readonly words: Words;
  readonly onChoose: (scope: string) => void;
}

const KINDS = ['chain', 'region', 'city', 'store'] as const;

export function ScopeSwitcher({ choices, chosen, day, words, onChoose }: ScopeSwitcherProps) {
  const current = choices.find(({ value }) => value === chosen);
  return (
    <div class="scope">
      <h1 class="scope-name">
        <span class="scope-label">{current?.label ?? '\u00A0'}</span>
        {choices.length > 1 ? (
          <>
            <ChevronIcon />
            <select
              class="scope-select"
              aria-label={words.scope}
              value={chosen ?? ''}
              onChange={(event) => onChoose(event.currentTarget.value)}
            >
              {KINDS.map((kind) => {
                const ofKind = choices.filter((choice) => choice.kind === kind);
                if (ofKind.length === 0) return null;
                return (
                  <optgroup key={kind} label={words.scopeKinds[kind]}>
                    {ofKind.map(({ value, label }) => (
                      <option key={value} value={value} selected={value === chosen}>
                        {label}
                      </option>
                    ))}
                  </optgroup>
                );
              })}
            </select>
          </>
        ) : null}
      </h1>
      <p class="scope-day">
        {current === undefined ? '\u00A0' : `${words.scopeKinds[current.kind]} · ${words.today} ${day ?? ''}`}
      </p>
    </div>
  );
}
