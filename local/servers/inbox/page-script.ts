/**
 * What runs in the inbox's page. The function is sent to the browser as its own text, so it holds all it needs and reaches for
 * nothing outside of itself but the page.
 *
 * Which phone is shown stands behind the address's `#`, and so may the key of the phone, which no server gets to see that way:
 * `/inbox#phone=<id or push token>&key=aisle_…`. With the key a tap is told to the product as a real app would tell it.
 */
import type { ListedPhone } from './inbox.ts';
import type { Note } from './notes.ts';

export function runInbox(): void {
  const POLL_MS = 1_000;
  const PHONES_POLL_MS = 3_000;
  const OPENED_KEPT_MAX = 500;
  const OPENED_KEY = 'aisle-inbox-opened';
  const isChinese = navigator.language.toLowerCase().startsWith('zh');
  const language = isChinese ? 'zh-CN' : 'en-GB';
  const WORDS = isChinese
    ? {
        title: '收件箱',
        app: '智慧门店',
        android: '安卓手机',
        iphone: 'iPhone',
        choose: '选择手机',
        phones: '手机',
        earlier: '已看过',
        now: '现在',
        nothing: '还没有通知',
        nothingHint: '推送到这部手机的内容会出现在这里。',
        nobody: '还没有手机',
        nobodyHint: '顾客的应用登记后，手机会出现在这里。',
        off: '应用已卸载',
        away: '本地云没有回应，正在重试…',
        opens: '打开',
      }
    : {
        title: 'Inbox',
        app: 'Aisle',
        android: 'Android phone',
        iphone: 'iPhone',
        choose: 'Choose a phone',
        phones: 'Phones',
        earlier: 'Opened',
        now: 'now',
        nothing: 'No notifications yet',
        nothingHint: 'What is pushed to this phone appears here.',
        nobody: 'No phones yet',
        nobodyHint: 'A phone appears here once a shopper’s app has registered it.',
        off: 'app removed',
        away: 'The local cloud does not answer; trying again…',
        opens: 'Open',
      };

  const byId = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`the page has no ${id}`);
    return found;
  };
  const screen = byId('screen');
  const list = byId('list');
  // The page has made it one.
  const chooser = byId('chooser') as HTMLSelectElement;
  const fresh = byId('fresh');
  const earlier = byId('earlier');
  const empty = byId('empty');
  const status = byId('status');

  let phones: readonly ListedPhone[] = [];
  let shown: string | undefined;
  let key: string | undefined;
  /** What the screen was made of last, so that a poll that brings nothing new moves nothing. */
  let drawn = '';
  const known = new Set<string>();
  const opened = new Set<string>(readOpened());

  function readOpened(): string[] {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(OPENED_KEY) ?? '[]');
      return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
    } catch {
      return [];
    }
  }

  function keepOpened(messageId: string): void {
    opened.add(messageId);
    localStorage.setItem(OPENED_KEY, JSON.stringify([...opened].slice(-OPENED_KEPT_MAX)));
  }

  /** Takes phone and key out of the address; the key does not stay there to be read over a shoulder. */
  function readAddress(): void {
    const said = new URLSearchParams(location.hash.slice(1));
    const [phone, secret] = [said.get('phone') ?? undefined, said.get('key') ?? undefined];
    if (secret !== undefined) {
      key = secret;
      said.delete('key');
      history.replaceState(null, '', `#${said}`);
    } else if (phone !== shown) key = undefined;
    if (phone !== undefined && phone !== shown) show(phone);
  }

  function show(phone: string): void {
    shown = phone;
    drawn = '';
    known.clear();
    void pollNotes();
  }

  function choose(phone: string): void {
    history.replaceState(null, '', `#${new URLSearchParams({ phone })}`);
    key = undefined;
    show(phone);
    drawPhones();
  }

  function make(tag: string, className: string, text = ''): HTMLElement {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  const nameOf = (phone: ListedPhone): string => `${WORDS[phone.kind]} ${phone.number}`;

  function ago(atMs: number): string {
    const seconds = Math.round((Date.now() - atMs) / 1000);
    if (seconds < 60) return WORDS.now;
    const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow' });
    if (seconds < 3_600) return relative.format(-Math.floor(seconds / 60), 'minute');
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const isToday = new Date(atMs).toDateString() === new Date().toDateString();
    const day = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
    return new Intl.DateTimeFormat(language, { ...day, ...clock }).format(atMs);
  }

  function drawClock(): void {
    const now = new Date();
    byId('clock').textContent = new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(now);
    byId('day').textContent = new Intl.DateTimeFormat(language, {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
    }).format(now);
    for (const time of screen.querySelectorAll('time'))
      time.textContent = ago(Number(time.dataset['sentAtMs']));
  }

  function drawPhones(): void {
    const mark = (phone: ListedPhone) =>
      phone.isReachable ? (phone.lastSentAtMs === undefined ? '' : ago(phone.lastSentAtMs)) : WORDS.off;
    chooser.replaceChildren(
      ...phones.map((phone) => {
        const option = document.createElement('option');
        option.value = phone.id;
        option.textContent = [nameOf(phone), mark(phone)].filter(Boolean).join(' · ');
        option.selected = phone.id === shown;
        return option;
      }),
    );
    chooser.hidden = phones.length === 0;
    list.replaceChildren(
      ...phones.map((phone) => {
        const button = make('button', `phone ${phone.kind}`);
        button.append(make('span', 'name', nameOf(phone)), make('span', 'last', mark(phone)));
        button.setAttribute('aria-pressed', String(phone.id === shown));
        button.addEventListener('click', () => choose(phone.id));
        const item = document.createElement('li');
        item.append(button);
        return item;
      }),
    );
  }

  /** A link of the page's own schemes; anything else a push may hold is not followed. */
  function safeLink(link: string): string | undefined {
    try {
      const url = new URL(link, location.href);
      return ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
    } catch {
      return undefined;
    }
  }

  function cardOf(note: Note): HTMLElement {
    const href = safeLink(note.link);
    const card = make('a', 'note');
    if (note.link !== '' && href !== undefined) {
      card.setAttribute('href', href);
      card.setAttribute('target', '_blank');
      card.setAttribute('rel', 'noopener');
    } else {
      card.setAttribute('role', 'button');
      card.tabIndex = 0;
    }
    const time = document.createElement('time');
    time.dataset['sentAtMs'] = String(note.sentAtMs);
    time.dateTime = new Date(note.sentAtMs).toISOString();
    time.textContent = ago(note.sentAtMs);
    const head = make('span', 'head');
    head.append(make('span', 'app', WORDS.app), time);
    const texts = make('span', 'texts');
    texts.append(head, make('strong', 'title', note.title), make('span', 'body', note.body));
    card.append(make('span', 'icon'), texts);
    card.addEventListener('click', () => tapped(note));
    card.addEventListener('keydown', (event) => {
      if (!card.hasAttribute('href') && ['Enter', ' '].includes(event.key)) tapped(note);
    });
    if (!known.has(note.messageId)) card.classList.add('arrives');
    const item = document.createElement('li');
    item.append(card);
    return item;
  }

  /** The browser itself follows the link; what is left to do is what the app would. */
  function tapped({ messageId, pushId }: Note): void {
    keepOpened(messageId);
    if (key !== undefined && pushId !== '') {
      void fetch(`/v1/pushes/${encodeURIComponent(pushId)}/open`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: '{}',
        keepalive: true,
      }).catch(() => undefined);
    }
    drawn = '';
    void pollNotes();
  }

  function drawNotes(notes: readonly Note[]): void {
    const next = JSON.stringify([shown, phones.length === 0, notes, [...opened]]);
    if (next === drawn) return;
    const isFirst = drawn === '' && known.size === 0;
    if (isFirst) for (const { messageId } of notes) known.add(messageId);
    drawn = next;
    const unread = notes.filter(({ messageId }) => !opened.has(messageId));
    const read = notes.filter(({ messageId }) => opened.has(messageId));
    // Whoever does not see the list move is told what came; of the whole list anew nobody would want to hear.
    const arrived = unread.find(({ messageId }) => !known.has(messageId));
    if (arrived !== undefined) byId('heard').textContent = `${arrived.title} ${arrived.body}`;
    fresh.replaceChildren(...unread.map(cardOf));
    byId('earlier-notes').replaceChildren(...read.map(cardOf));
    earlier.hidden = read.length === 0;
    for (const { messageId } of notes) known.add(messageId);
    drawEmpty(notes.length === 0);
    document.title = unread.length > 0 ? `(${unread.length}) ${WORDS.title}` : WORDS.title;
  }

  function drawEmpty(isEmpty: boolean): void {
    empty.hidden = !isEmpty;
    const [what, hint] =
      phones.length === 0 ? [WORDS.nobody, WORDS.nobodyHint] : [WORDS.nothing, WORDS.nothingHint];
    empty.replaceChildren(make('strong', '', what), make('span', '', hint));
  }

  async function ask<Answer>(path: string): Promise<Answer | undefined> {
    try {
      const response = await fetch(path, { cache: 'no-store' });
      status.hidden = true;
      return response.ok ? ((await response.json()) as Answer) : undefined;
    } catch {
      status.hidden = false;
      return undefined;
    }
  }

  async function pollPhones(): Promise<void> {
    const found = await ask<ListedPhone[]>('/inbox/phones');
    if (found === undefined) return;
    const changed = JSON.stringify(found) !== JSON.stringify(phones);
    phones = found;
    if (shown === undefined) {
      // Whose screen has something on it, the one that lit up last.
      const [latest] = [...phones].sort((a, b) => (b.lastSentAtMs ?? 0) - (a.lastSentAtMs ?? 0));
      if (latest !== undefined) show(latest.id);
      else drawNotes([]);
    }
    if (changed || phones.length === 0) drawPhones();
  }

  async function pollNotes(): Promise<void> {
    const asked = shown;
    if (asked === undefined) return;
    const found = await ask<{ phone: string; notes: Note[] }>(
      `/inbox/notes?${new URLSearchParams({ phone: asked })}`,
    );
    if (shown !== asked) return;
    if (found === undefined) {
      if (status.hidden) drawNotes([]);
      return;
    }
    // It may have been asked for by its token; in the list it has another name.
    if (found.phone !== shown) {
      shown = found.phone;
      history.replaceState(null, '', `#${new URLSearchParams({ phone: found.phone })}`);
      drawPhones();
    }
    drawNotes(found.notes);
  }

  function everySoOften(periodMs: number, poll: () => Promise<void>): void {
    const again = () => {
      const polled = document.visibilityState === 'visible' ? poll() : Promise.resolve();
      void polled.finally(() => setTimeout(again, periodMs));
    };
    again();
  }

  document.documentElement.lang = language;
  document.title = WORDS.title;
  status.textContent = WORDS.away;
  byId('phones-heading').textContent = WORDS.phones;
  byId('earlier-heading').textContent = WORDS.earlier;
  chooser.setAttribute('aria-label', WORDS.choose);
  chooser.addEventListener('change', () => choose(chooser.value));
  addEventListener('hashchange', readAddress);
  document.addEventListener('visibilitychange', () => void pollNotes());
  drawClock();
  setInterval(drawClock, POLL_MS);
  readAddress();
  everySoOften(PHONES_POLL_MS, pollPhones);
  everySoOften(POLL_MS, pollNotes);
}
