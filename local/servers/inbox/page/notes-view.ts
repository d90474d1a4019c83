/** The notes of the shown phone: unread ones, opened ones below, or a text that there are none. */
import type { Note } from '../api.ts';
import { createElement, elementById, listItem } from './elements.ts';
import { noteCard } from './note-card.ts';
import type { OpenedNotes } from './opened-notes.ts';
import { WORDS } from './words.ts';

export interface NotesView {
  /** Renders the notes, unless nothing has changed since the last call. */
  render(notes: readonly Note[], hasPhones: boolean): void;
  /** Starts over for another phone: its present notes are not announced as new. */
  reset(): void;
}

/** Returns the view of the notes; `onTap` is called with a tapped note. */
export function createNotesView(opened: OpenedNotes, onTap: (note: Note) => void): NotesView {
  elementById('earlier-heading').textContent = WORDS.opened;
  /** What was rendered last; undefined before the first time. */
  let rendered: string | undefined;
  const seen = new Set<string>();

  const renderList = (id: string, notes: readonly Note[]): void => {
    const items = notes.map((note) => {
      const card = noteCard(note, onTap);
      if (!seen.has(note.messageId)) card.classList.add('arrives');
      return listItem(card);
    });
    elementById(id).replaceChildren(...items);
  };

  return {
    render(notes, hasPhones) {
      const next = JSON.stringify([hasPhones, notes, opened.all()]);
      if (next === rendered) return;
      if (rendered === undefined) for (const { messageId } of notes) seen.add(messageId);
      rendered = next;
      const unread = notes.filter(({ messageId }) => !opened.has(messageId));
      const read = notes.filter(({ messageId }) => opened.has(messageId));
      announce(unread.find(({ messageId }) => !seen.has(messageId)));
      renderList('fresh', unread);
      renderList('earlier-notes', read);
      elementById('earlier').hidden = read.length === 0;
      for (const { messageId } of notes) seen.add(messageId);
      renderEmpty(notes.length === 0, hasPhones);
      document.title = unread.length > 0 ? `(${unread.length}) ${WORDS.title}` : WORDS.title;
    },
    reset() {
      rendered = undefined;
      seen.clear();
    },
  };
}

/** Announces a new note to screen readers, which would otherwise read the whole list again. */
function announce(note: Note | undefined): void {
  if (note !== undefined) elementById('announcement').textContent = `${note.title} ${note.body}`;
}

function renderEmpty(isEmpty: boolean, hasPhones: boolean): void {
  const empty = elementById('empty');
  empty.hidden = !isEmpty;
  const [text, hint] = hasPhones ? [WORDS.noNotes, WORDS.noNotesHint] : [WORDS.noPhones, WORDS.noPhonesHint];
  empty.replaceChildren(createElement('strong', '', text), createElement('span', '', hint));
}
