/** Serves the document and its page. Both are built once per host and cached, because they change only with a release. */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { problem } from '#contracts/http/problems.ts';
import { openApiDocument } from '#contracts/openapi/document.ts';
import { HttpProblem, type HttpResponse } from '../shared/http.ts';
import { renderPage } from './render-page.ts';
import { STYLE } from './style.ts';

/** Clients see a release within this time, and reload without a request until then. */
const MAX_AGE_SECONDS = 300;

/** More hosts than this are forged host headers. */
const HOSTS_CACHED_MAX = 8;

/** The page has no script and no external resource; the policy names the hash of its one style. */
const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly text: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Pages {
  readonly '/openapi.json': Page;
  readonly '/docs': Page;
}

const cache = new Map<string, Pages>();

/**
 * Returns the document or its page, or 304 if the client has the current one.
 *
 * @throws HttpProblem 404 for any other path
 */
export function serveDocs(
  event: Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers' | 'requestContext'>,
): HttpResponse {
  const pages = pagesAt(baseUrlOf(event));
  const path = event.rawPath.replace(/\/$/, '');
  if (path !== '/openapi.json' && path !== '/docs') {
    throw new HttpProblem(problem(404, 'page-not-found', 'The pages are /openapi.json and /docs.'));
  }
  const { text, etag, headers } = pages[path];
  const caching = { etag, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` };
  return isCurrent(etag, event.headers['if-none-match'])
    ? { status: 304, body: '', headers: caching }
    : { status: 200, body: text, headers: { ...headers, ...caching } };
}

/** Reports whether If-None-Match names the tag; a cache may have made it a weak one. */
const isCurrent = (etag: string, header: string | undefined): boolean =>
  (header ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

/** A host name with an optional port; any other host header is forged. */
const HOST = /^[a-z0-9.-]+(?::\d{1,5})?$/i;

/** The base URL of the request; '/' for a forged host, which clients read as the origin of the document. */
function baseUrlOf({ headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>) {
  const host = requestContext.domainName;
  if (!HOST.test(host)) return '/';
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+)(?::|$)/.test(host);
  const protocol = headers['x-forwarded-proto'] === 'http' || isLocal ? 'http' : 'https';
  return `${protocol}://${host}`;
}

function pagesAt(baseUrl: string): Pages {
  let pages = cache.get(baseUrl);
  if (pages === undefined) {
    const document = openApiDocument(baseUrl);
    pages = {
      '/openapi.json': page(`${JSON.stringify(document, undefined, 2)}\n`, {
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
      }),
      '/docs': page(renderPage(document), {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': CONTENT_POLICY,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      }),
    };
    if (cache.size >= HOSTS_CACHED_MAX) cache.clear();
    cache.set(baseUrl, pages);
  }
  return pages;
}

const page = (text: string, headers: Readonly<Record<string, string>>): Page => ({
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`,
  headers,
});
