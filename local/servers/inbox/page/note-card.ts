/** One note as a card on the lock screen. */
import type { Note } from '../api.ts';
import { createElement } from './elements.ts';
import { timeText } from './time-texts.ts';
import { WORDS } from './words.ts';

/**
 * Returns the card of a note: a link if the note has one, else a button. `onTap` runs before the browser
 * follows the link.
 */
export function noteCard(note: Note, onTap: (note: Note) => void): HTMLElement {
  const card = createElement('a', 'note');
  const href = safeUrl(note.link);
  if (href === undefined) makeButton(card, () => onTap(note));
  else makeLink(card, href);
  card.addEventListener('click', () => onTap(note));
  card.append(createElement('span', 'icon'), textsOf(note));
  return card;
}

/** Updates the relative times of the cards below an element. */
export function updateTimes(container: HTMLElement, nowMs: number): void {
  for (const time of container.querySelectorAll('time'))
    time.textContent = timeText(Number(time.dataset['sentAtMs']), nowMs);
}

function makeLink(card: HTMLElement, href: string): void {
  card.setAttribute('href', href);
  card.setAttribute('target', '_blank');
  card.setAttribute('rel', 'noopener');
}

function makeButton(card: HTMLElement, onPress: () => void): void {
  card.setAttribute('role', 'button');
  card.tabIndex = 0;
  card.addEventListener('keydown', ({ key }) => {
    if (['Enter', ' '].includes(key)) onPress();
  });
}

function textsOf(note: Note): HTMLElement {
  const head = createElement('span', 'head');
  head.append(createElement('span', 'app', WORDS.app), timeOf(note));
  const texts = createElement('span', 'texts');
  texts.append(head, createElement('strong', 'title', note.title), createElement('span', 'body', note.body));
  return texts;
}

function timeOf({ sentAtMs }: Note): HTMLElement {
  const time = document.createElement('time');
  time.dataset['sentAtMs'] = String(sentAtMs);
  time.dateTime = new Date(sentAtMs).toISOString();
  time.textContent = timeText(sentAtMs, Date.now());
  return time;
}

/**
 * Returns the absolute URL of an HTTP link, undefined for an empty link and for other schemes such as
 * `javascript:`.
 */
function safeUrl(link: string): string | undefined {
  if (link === '') return undefined;
  try {
    const url = new URL(link, location.href);
    return ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
