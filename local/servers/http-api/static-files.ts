/**
 * The built web app, as CloudFront serves it on AWS: a path without a file extension is a page of the app and
 * gets index.html, a missing file stays missing, hashed files keep for a year, and the rest is asked for anew.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

export interface StaticFilesOptions {
  /** Where the build put the app. */
  readonly dir: string;
  /** What the app is told of its stage, served as /config.json. */
  readonly config: Readonly<Record<string, string>>;
  /** On every answer: the content policy and its like, from the template. */
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

const KEEP_FOR_A_YEAR = 'public, max-age=31536000, immutable';

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
      const asked = pathOf(message.url ?? '/');
      const path = /\.[a-z0-9]+$/i.test(asked) ? asked : '/index.html';
      const content = await contentOf(path);
      if (!content) {
        response
          .writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
          .end('Not found\n');
        return;
      }
      const etag = `"${createHash('sha1').update(content).digest('base64url')}"`;
      const about = {
        ...headers,
        etag,
        'cache-control': path.startsWith('/assets/') ? KEEP_FOR_A_YEAR : 'no-cache',
        'content-type': CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      };
      if (message.headers['if-none-match'] === etag) {
        response.writeHead(304, about).end();
        return;
      }
      response.writeHead(200, { ...about, 'content-length': content.length });
      response.end(message.method === 'HEAD' ? undefined : content);
    },
  };
}

/** The decoded path; one that cannot be decoded names no file. */
function pathOf(target: string): string {
  try {
    return decodeURIComponent(target.split('?')[0] ?? '/');
  } catch {
    return '/undecodable.path';
  }
}
