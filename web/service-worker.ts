/**
 * Caches the app shell (page, scripts, styles, icons), so that the app opens offline and reports it.
 *
 * It serves those files only: never /config.json, the sign-in or an API response, because an old figure that looks live is
 * worse than none.
 */

/** The used part of a worker's global scope; TypeScript's worker types conflict with those of the page. */
interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', run: (event: LifecycleEvent) => void): void;
  addEventListener(type: 'fetch', run: (event: RequestEvent) => void): void;
}
interface LifecycleEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends LifecycleEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** Replaced by the build with the paths of the shell; the hashed names change with every change of the app. */
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
  const oldCachesDeleted = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(oldCachesDeleted.then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin || !FILES.includes(pathname)) return;
  event.respondWith(pathname === '/' ? networkFirst(request) : cacheFirst(request, pathname));
});

/** The page lists the hashed scripts, so a new version is loaded whenever the network is available. */
async function networkFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match('/')) ?? Response.error();
  }
}

async function cacheFirst(request: Request, pathname: string): Promise<Response> {
  return (await caches.match(pathname)) ?? (await fetch(request));
}
