/** How far to trust the figures, always in sight; what is not in them, one touch away. */
import { useEffect, useRef } from 'preact/hooks';
import type { TrustView } from '../view/trust.ts';
import type { Words } from '../view/words.ts';
import { Chevron } from './icons.tsx';

export function TrustStrip({ view, words }: { readonly view: TrustView; readonly words: Words }) {
  const { connection, age, tills } = view;
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => closedFromOutside(() => details.current), []);
  return (
    <section class="trust" aria-label={words.dataTrust}>
      <details ref={details}>
        <summary>
          <span class="chips">
            <span class={`chip is-${connection.tone}`} data-trust="connection">
              <span class="dot" />
              <span role="status">{connection.text}</span>
              {connection.detail === undefined ? null : <span class="chip-more">{connection.detail}</span>}
            </span>
            <span class={`chip is-${age.tone}`} data-trust="age" title={age.detail}>
              {age.text}
            </span>
            <span class={`chip is-${tills.tone}`} data-trust="tills">
              {tills.text}
              {tills.silent === undefined ? null : <span class="chip-more">{tills.silent}</span>}
            </span>
          </span>
          <span class="trust-open" title={words.details}>
            <span class="trust-open-text">{words.details}</span>
            <Chevron />
          </span>
        </summary>
        <div class="trust-panel">
          <div class="trust-panel-text">
            {age.detail === undefined ? null : <p class="trust-note">{age.detail}</p>}
            <h2>{words.unknownTitle}</h2>
            <ul>
              {view.unknown.map((text) => (
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
                    {formula} <span class="quiet">· {version}</span>
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

/** What lies over the page goes away by a touch beside it or by Escape; returns how to stop listening. */
function closedFromOutside(panel: () => HTMLDetailsElement | null): () => void {
  const close = (event: Event) => {
    const isElsewhere =
      event instanceof KeyboardEvent
        ? event.key === 'Escape'
        : !(event.target instanceof Node && panel()?.contains(event.target));
    if (isElsewhere) panel()?.removeAttribute('open');
  };
  document.addEventListener('pointerdown', close);
  document.addEventListener('keydown', close);
  return () => {
    document.removeEventListener('pointerdown', close);
    document.removeEventListener('keydown', close);
  };
}
