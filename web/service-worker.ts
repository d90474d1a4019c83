/**
 * Keeps the shell of the app (its page, scripts, style, icons) so that it opens without a line and says so itself.
 *
 * It answers for those files and nothing else: not for /config.json, not for sign-in and never for an answer of
 * the API, because an old figure that looks live is worse than none.
 */

/** What is used here of a worker's global scope; the compiler's own worker types would clash with the page's. */
interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', run: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', run: (event: Fetching) => void): void;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** Written in by the build: the paths of the shell, whose hashed names change whenever the app does. */
declare const __SHELL_FILES__: readonly string[];

const worker = globalThis as unknown as WorkerScope;
const FILES = __SHELL_FILES__;
const CACHE = `aisle-shell ${FILES.filter((path) => path.startsWith('/assets/')).join(' ')}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...FILES]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  const forgetOld = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(forgetOld.then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin || !FILES.includes(pathname)) return;
  event.respondWith(pathname === '/' ? pageFirstFromLine(request) : kept(request, pathname));
});

/** The page names the scripts, so a new one is taken whenever there is a line. */
async function pageFirstFromLine(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match('/')) ?? Response.error();
  }
}

async function kept(request: Request, pathname: string): Promise<Response> {
  return (await caches.match(pathname)) ?? (await fetch(request));
}
