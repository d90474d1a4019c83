/** The choice of the phone: a select element on small screens, a list beside the phone on wide ones. */
import type { ListedPhone } from '../api.ts';
import { createElement, elementById, listItem } from './elements.ts';
import { timeText } from './time-texts.ts';
import { WORDS } from './words.ts';

// index.html declares it as one.
const chooser = elementById('chooser') as HTMLSelectElement;
const list = elementById('list');

/** Sets the fixed texts and calls `onChoose` with the id of a chosen phone. */
export function startPhonesView(onChoose: (phone: string) => void): void {
  elementById('phones-heading').textContent = WORDS.phones;
  chooser.setAttribute('aria-label', WORDS.choose);
  chooser.addEventListener('change', () => onChoose(chooser.value));
  list.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button !== null) onChoose(button.value);
  });
}

/** Renders the phones, with the shown one marked. */
export function renderPhones(phones: readonly ListedPhone[], shown: string | undefined): void {
  chooser.replaceChildren(...phones.map((phone) => optionOf(phone, phone.id === shown)));
  chooser.hidden = phones.length === 0;
  list.replaceChildren(...phones.map((phone) => listItem(buttonOf(phone, phone.id === shown))));
}

function optionOf(phone: ListedPhone, isShown: boolean): HTMLOptionElement {
  const option = document.createElement('option');
  option.value = phone.id;
  option.textContent = [nameOf(phone), statusOf(phone)].filter(Boolean).join(' · ');
  option.selected = isShown;
  return option;
}

function buttonOf(phone: ListedPhone, isShown: boolean): HTMLButtonElement {
  const button = document.createElement('button');
  button.className = `phone ${phone.kind}`;
  button.value = phone.id;
  button.append(createElement('span', 'name', nameOf(phone)), createElement('span', 'last', statusOf(phone)));
  button.setAttribute('aria-pressed', String(isShown));
  return button;
}

const nameOf = ({ kind, number }: ListedPhone): string => `${WORDS[kind]} ${number}`;

function statusOf({ isReachable, lastSentAtMs }: ListedPhone): string {
  if (!isReachable) return WORDS.unreachable;
  return lastSentAtMs === undefined ? '' : timeText(lastSentAtMs, Date.now());
}
