/** The entry of the inbox's page: polls the phones and the notes of the shown phone, and handles taps. */
import type { ListedPhone, Note } from '../api.ts';
import { putAddress, takeAddress } from './address.ts';
import { type Fetched, fetchNotes, fetchPhones, reportOpen } from './client.ts';
import { elementById } from './elements.ts';
import { updateTimes } from './note-card.ts';
import { createNotesView } from './notes-view.ts';
import { loadOpenedNotes } from './opened-notes.ts';
import { renderPhones, startPhonesView } from './phones-view.ts';
import { clockText, dayText } from './time-texts.ts';
import { LANGUAGE, WORDS } from './words.ts';

const NOTES_POLL_MS = 1_000;
const PHONES_POLL_MS = 3_000;

let phones: readonly ListedPhone[] = [];
/** Id or push token of the shown phone. */
let shown: string | undefined;
/** Device key of the shown phone, if the address had one. */
let deviceKey: string | undefined;
const opened = loadOpenedNotes();
const notesView = createNotesView(opened, onTap);

/** Does what the app would do; the browser itself follows the link. */
function onTap({ messageId, pushId }: Note): void {
  opened.add(messageId);
  if (deviceKey !== undefined && pushId !== '') reportOpen(pushId, deviceKey);
  void pollNotes();
}

function show(phone: string): void {
  shown = phone;
  notesView.reset();
  void pollNotes();
}

function choose(phone: string): void {
  putAddress(phone);
  deviceKey = undefined;
  show(phone);
  renderPhones(phones, shown);
}

/** Applies the address. A key belongs to the address's phone, so another phone without a key clears it. */
function applyAddress(): void {
  const { phone, key } = takeAddress();
  if (key !== undefined) deviceKey = key;
  else if (phone !== shown) deviceKey = undefined;
  if (phone !== undefined && phone !== shown) show(phone);
}

function renderStatus({ kind }: Fetched<unknown>): void {
  elementById('status').hidden = kind !== 'offline';
}

async function pollPhones(): Promise<void> {
  const fetched = await fetchPhones();
  renderStatus(fetched);
  if (fetched.kind !== 'ok') return;
  const isChanged = JSON.stringify(fetched.body) !== JSON.stringify(phones);
  phones = fetched.body;
  if (shown === undefined) {
    // Without a phone in the address the page shows the one with the newest message.
    const [latest] = phones.toSorted((a, b) => (b.lastSentAtMs ?? 0) - (a.lastSentAtMs ?? 0));
    if (latest === undefined) notesView.render([], false);
    else show(latest.id);
  }
  if (isChanged || phones.length === 0) renderPhones(phones, shown);
}

async function pollNotes(): Promise<void> {
  const requested = shown;
  if (requested === undefined) return;
  const fetched = await fetchNotes(requested);
  renderStatus(fetched);
  // Another phone was chosen in the meantime.
  if (shown !== requested) return;
  if (fetched.kind === 'failed') notesView.render([], phones.length > 0);
  if (fetched.kind !== 'ok') return;
  const { phone, notes } = fetched.body;
  if (phone !== shown) {
    // The address had the push token; the list has the id.
    shown = phone;
    putAddress(phone);
    renderPhones(phones, shown);
  }
  notesView.render(notes, phones.length > 0);
}

function renderClock(): void {
  const nowMs = Date.now();
  elementById('clock').textContent = clockText(nowMs);
  elementById('day').textContent = dayText(nowMs);
  updateTimes(elementById('screen'), nowMs);
}

/** Calls `poll` now and again `periodMs` after each call has ended, and skips it while the page is hidden. */
function pollEvery(periodMs: number, poll: () => Promise<void>): void {
  const next = () => {
    const polled = document.visibilityState === 'visible' ? poll() : Promise.resolve();
    void polled.finally(() => setTimeout(next, periodMs));
  };
  next();
}

document.documentElement.lang = LANGUAGE;
document.title = WORDS.title;
elementById('status').textContent = WORDS.offline;
startPhonesView(choose);
addEventListener('hashchange', applyAddress);
document.addEventListener('visibilitychange', () => void pollNotes());
renderClock();
setInterval(renderClock, NOTES_POLL_MS);
applyAddress();
pollEvery(PHONES_POLL_MS, pollPhones);
pollEvery(NOTES_POLL_MS, pollNotes);
