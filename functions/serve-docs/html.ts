/** Builds HTML. Every text of a page is escaped here, so that no text becomes markup. */

export interface Html {
  readonly html: string;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

type Part = string | number | Html | readonly Part[] | undefined;

const written = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(written).join('');
};

/** Returns HTML of a template; its values are escaped unless they are HTML. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: pieces.reduce((all, piece, index) => all + written(parts[index - 1]) + piece),
});

/** Returns a trusted text as HTML, unescaped: the style of the page. */
export const asIs = (text: string): Html => ({ html: text });

/** Returns the HTML of a description in Markdown: paragraphs, lists and `code`. */
export const prose = (text: string): Html[] =>
  text
    .split(/\n{2,}/)
    .map((block) =>
      block.startsWith('- ')
        ? html`<ul class="points">${block.split('\n').map((item) => html`<li>${inline(item.slice(2))}</li>`)}</ul>`
        : html`<p>${inline(block)}</p>`,
    );

/** Returns the HTML of one line in Markdown: text and `code`. */
export const inline = (text: string): Html[] =>
  text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
