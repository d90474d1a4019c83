/** The status of the data, always visible: connection, age, reporting tills; with missing data and KPI definitions as details. */
import { useEffect, useRef } from 'preact/hooks';
import type { DataStatusView } from '../view/data-status.ts';
import type { Words } from '../view/words.ts';
import { ChevronIcon } from './icons.tsx';

export function StatusBar({ view, words }: { readonly view: DataStatusView; readonly words: Words }) {
  const { connection, age, tills } = view;
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => closeOnOutsideEvents(() => details.current), []);
  return (
    <section class="status" aria-label={words.dataStatus}>
      <details ref={details}>
        <summary>
          <span class="chips">
            <span class={`chip is-${connection.tone}`} data-status="connection">
              <span class="dot" />
              <span role="status">{connection.text}</span>
              {connection.detail === undefined ? null : <span class="chip-more">{connection.detail}</span>}
            </span>
            <span class={`chip is-${age.tone}`} data-status="age" title={age.detail}>
              {age.text}
            </span>
            <span class={`chip is-${tills.tone}`} data-status="tills">
              {tills.text}
              {tills.silent === undefined ? null : <span class="chip-more">{tills.silent}</span>}
            </span>
          </span>
          <span class="status-open" title={words.details}>
            <span class="status-open-text">{words.details}</span>
            <ChevronIcon />
          </span>
        </summary>
        <div class="status-panel">
          <div class="status-panel-text">
            {age.detail === undefined ? null : <p class="status-note">{age.detail}</p>}
            <h2>{words.missingDataTitle}</h2>
            <ul>
              {view.missing.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            <h2>{words.excludedTitle}</h2>
            <ul>
              {view.excluded.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            {view.formulas.length === 0 ? null : <h2>{words.formulasTitle}</h2>}
            <dl>
              {view.formulas.map(({ name, formula, version }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    {formula} <span class="muted">· {version}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        </div>
      </details>
    </section>
  );
}

/** Closes the panel on Escape and on a pointer event outside it. Returns a function that removes the listeners. */
function closeOnOutsideEvents(panel: () => HTMLDetailsElement | null): () => void {
  const close = (event: Event) => {
    const isOutside =
      event instanceof KeyboardEvent
        ? event.key === 'Escape'
        : !(event.target instanceof Node && panel()?.contains(event.target));
    if (isOutside) panel()?.removeAttribute('open');
  };
  document.addEventListener('pointerdown', close);
  document.addEventListener('keydown', close);
  return () => {
    document.removeEventListener('pointerdown', close);
    document.removeEventListener('keydown', close);
  };
}
