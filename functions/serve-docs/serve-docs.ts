/**
 * The document and its page, made once for each address they are asked at and remembered: they change only with
 * a release.
 */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { problem } from '#contracts/http/problems.ts';
import { openApiDocument } from '#contracts/openapi/document.ts';
import { HttpProblem, type HttpResponse } from '../shared/http.ts';
import { renderPage } from './render-page.ts';
import { STYLE } from './style.ts';

/** A release shows within this, and a till maker who reloads asks nothing. */
const KEPT_SECONDS = 300;

/** More addresses than this are somebody playing with the host header. */
const ADDRESSES_REMEMBERED_MAX = 8;

/** The page has no script and loads nothing; its one style is known by its hash. */
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

const remembered = new Map<string, Pages>();

/** Answers with the document or its page; 304 where the asker has it already, 404 for any other path. */
export function serveDocs(
  event: Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers' | 'requestContext'>,
): HttpResponse {
  const pages = pagesAt(addressOf(event));
  const path = event.rawPath.replace(/\/$/, '');
  if (path !== '/openapi.json' && path !== '/docs') {
    throw new HttpProblem(problem(404, 'page-not-found', 'The pages are /openapi.json and /docs.'));
  }
  const { text, etag, headers } = pages[path];
  const caching = { etag, 'cache-control': `public, max-age=${KEPT_SECONDS}` };
  return isHeld(etag, event.headers['if-none-match'])
    ? { status: 304, body: '', headers: caching }
    : { status: 200, body: text, headers: { ...headers, ...caching } };
}

/** Whether one of the tags of an If-None-Match is ours; a cache in between may have made it a weak one. */
const isHeld = (etag: string, header: string | undefined): boolean =>
  (header ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

/** A host name with an optional port; anything else in a host header is nobody's address. */
const HOST = /^[a-z0-9.-]+(?::\d{1,5})?$/i;

/** Where the API was asked; '/' where that cannot be told, which readers of the document take as the same place. */
function addressOf({ headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>) {
  const host = requestContext.domainName;
  if (!HOST.test(host)) return '/';
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+)(?::|$)/.test(host);
  const protocol = headers['x-forwarded-proto'] === 'http' || isLocal ? 'http' : 'https';
  return `${protocol}://${host}`;
}

function pagesAt(address: string): Pages {
  let pages = remembered.get(address);
  if (pages === undefined) {
    const document = openApiDocument(address);
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
    if (remembered.size >= ADDRESSES_REMEMBERED_MAX) remembered.clear();
    remembered.set(address, pages);
  }
  return pages;
}

const page = (text: string, headers: Readonly<Record<string, string>>): Page => ({
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`,
  headers,
});
