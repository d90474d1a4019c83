/**
 * The built web app, as CloudFront serves it on AWS: a path without a file extension is a page of the app and gets
 * index.html, a missing file is a 404, hashed files are cached for a year, and all others are revalidated.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

export interface StaticFilesOptions {
  /** The build's output folder. */
  readonly dir: string;
  /** The stage's settings, served to the app as /config.json. */
  readonly config: Readonly<Record<string, string>>;
  /** Added to every response: the template's content security policy and the like. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StaticFiles {
  handle(message: IncomingMessage, response: ServerResponse): Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const CACHE_FOR_A_YEAR = 'public, max-age=31536000, immutable';

/** Returns a handler for GET and HEAD of the folder's files, and of nothing outside it. */
export function serveStaticFiles({ dir, config, headers = {} }: StaticFilesOptions): StaticFiles {
  const root = join(dir, sep);

  async function contentOf(path: string): Promise<Buffer | undefined> {
    if (path === '/config.json') return Buffer.from(JSON.stringify(config));
    const file = normalize(join(root, path));
    if (!file.startsWith(root) || file.includes('\0')) return undefined;
    return readFile(file).catch(() => undefined);
  }

  return {
    async handle(message, response) {
      if (message.method !== 'GET' && message.method !== 'HEAD') {
        response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
        return;
      }
      const requested = pathOf(message.url ?? '/');
      const path = /\.[a-z0-9]+$/i.test(requested) ? requested : '/index.html';
      const content = await contentOf(path);
      if (!content) {
        response
          .writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
          .end('Not found\n');
        return;
      }
      const etag = `"${createHash('sha1').update(content).digest('base64url')}"`;
      const contentHeaders = {
        ...headers,
        etag,
        'cache-control': path.startsWith('/assets/') ? CACHE_FOR_A_YEAR : 'no-cache',
        'content-type': CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      };
      if (message.headers['if-none-match'] === etag) {
        response.writeHead(304, contentHeaders).end();
        return;
      }
      response.writeHead(200, { ...contentHeaders, 'content-length': content.length });
      response.end(message.method === 'HEAD' ? undefined : content);
    },
  };
}

/** Returns the decoded path, or one that names no file where it cannot be decoded. */
function pathOf(target: string): string {
  try {
    return decodeURIComponent(target.split('?')[0] ?? '/');
  } catch {
    return '/undecodable.path';
  }
}
