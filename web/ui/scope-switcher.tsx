/** Where one is, as the title of the page; a native list, because every phone has a good one. */
import type { ScopeChoice } from '../view/scopes.ts';
import type { Words } from '../view/words.ts';
import { Chevron } from './icons.tsx';

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
    <div class="where">
      <h1 class="where-name">
        <span class="where-label">{current?.label ?? '\u00A0'}</span>
        {choices.length > 1 ? (
          <>
            <Chevron />
            <select
              class="where-select"
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
      <p class="where-day">
        {current === undefined ? '\u00A0' : `${words.scopeKinds[current.kind]} · ${words.today} ${day ?? ''}`}
      </p>
    </div>
  );
}
