/** The three cards of key figures at the top of the page. */
import type { CardView, FigureView } from '../view/cards.ts';
import type { Words } from '../view/words.ts';
import { RollingNumber } from './rolling-number.tsx';

export function Cards({ cards, words }: { readonly cards: readonly CardView[]; readonly words: Words }) {
  return (
    <section class="cards" aria-label={words.keyFigures}>
      {cards.map((card) => (
        <Card key={card.main.id} card={card} />
      ))}
    </section>
  );
}

function Card({ card }: { readonly card: CardView }) {
  const { main, mainNote, second, secondNote, progress } = card;
  return (
    <article class="card">
      <div class="card-main" data-kpi={main.id}>
        <h2 class="kpi-name">
          <Names figure={main} />
        </h2>
        <p class="card-figure">
          <RollingNumber text={main.text} />
        </p>
        <p class="card-note">{main.reason ?? mainNote ?? '\u00A0'}</p>
      </div>
      <div class="card-second" data-kpi={second.id}>
        <h3 class="kpi-name">
          <Names figure={second} />
        </h3>
        <p class="card-second-figure">
          <RollingNumber text={second.text} />
          <span class="card-note">{second.reason ?? secondNote ?? ''}</span>
        </p>
        {second.id === 'attainment' ? <Progress share={progress} /> : null}
      </div>
    </article>
  );
}

function Names({ figure }: { readonly figure: FigureView }) {
  return (
    <>
      {figure.name} <span class="kpi-other">{figure.otherName}</span>
    </>
  );
}

/** Bar for the percentage beside it; hidden from screen readers, which read the percentage. */
function Progress({ share }: { readonly share: number | undefined }) {
  const filled = Math.min(1, Math.max(0, share ?? 0));
  return (
    <span class="progress" aria-hidden="true">
      <span class="progress-filled" style={{ transform: `scaleX(${filled})` }} />
    </span>
  );
}
