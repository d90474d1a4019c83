/** The top products of the day, with bars in proportion to their sales. */
import type { RankingResponse } from '#contracts/http/figures.ts';
import { productViews } from '../view/products.ts';
import type { Words } from '../view/words.ts';

export function TopProducts({
  response,
  words,
}: {
  readonly response: RankingResponse | undefined;
  readonly words: Words;
}) {
  const products = productViews(response, words);
  return (
    <section class="panel products" aria-labelledby="products-title">
      <div class="panel-head">
        <h2 id="products-title">{words.topProducts}</h2>
        <span class="muted">{words.byGrossSales}</span>
      </div>
      {products.length === 0 ? (
        <p class="empty">{response === undefined ? words.loading : words.noProducts}</p>
      ) : (
        <ol>
          {products.map(({ id, rank, name, code, sales, units, share }) => (
            <li key={id} class="product">
              <span class="product-rank">{rank}</span>
              <span class="product-name" title={code === undefined ? name : `${name} · ${code}`}>
                {name}
              </span>
              <span class="product-sales">{sales}</span>
              <span class="product-bar" aria-hidden="true">
                <span class="product-bar-filled" style={{ transform: `scaleX(${share})` }} />
              </span>
              <span class="product-units">{units}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
