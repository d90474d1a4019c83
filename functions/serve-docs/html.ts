/** Texts as HTML. Everything that is put into a page goes through here, so that nothing in it becomes markup. */

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

/** A piece of HTML; what is put into it is text unless it is HTML itself. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: pieces.reduce((all, piece, index) => all + written(parts[index - 1]) + piece),
});

/** HTML that is known to be right as it stands: the page's own style. */
export const asIs = (text: string): Html => ({ html: text });

/** A few words of Markdown, as the document's descriptions use them: paragraphs, lists and `code`. */
export const prose = (text: string): Html[] =>
  text
    .split(/\n{2,}/)
    .map((block) =>
      block.startsWith('- ')
        ? html`<ul class="points">${block.split('\n').map((item) => html`<li>${inline(item.slice(2))}</li>`)}</ul>`
        : html`<p>${inline(block)}</p>`,
    );

export const inline = (text: string): Html[] =>
  text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
