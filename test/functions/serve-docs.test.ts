/** The description and its page: public, cacheable, and safe in a browser. */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { METHODS, openApiDocument } from '#contracts/openapi/document.ts';
import { handler } from '#functions/serve-docs/handler.ts';
import { html, prose } from '#functions/serve-docs/html.ts';
import { renderPage } from '#functions/serve-docs/render-page.ts';
import { serveDocs } from '#functions/serve-docs/serve-docs.ts';

interface Request {
  readonly headers?: Record<string, string>;
  readonly domainName?: string;
}

const event = (rawPath: string, { headers = {}, domainName = 'api.example.com' }: Request = {}) => ({
  rawPath,
  headers,
  requestContext: { domainName } as APIGatewayProxyEventV2['requestContext'],
});

const text = (rawPath: string, request?: Request): string => String(serveDocs(event(rawPath, request)).body);

describe('the document', () => {
  it('is JSON with the base URL of the request', () => {
    const { status, headers, body } = serveDocs(event('/openapi.json'));
    expect(status).toBe(200);
    expect(headers?.['content-type']).toBe('application/json');
    expect(JSON.parse(String(body))).toEqual(openApiDocument('https://api.example.com'));
  });

  it('has an http URL on a local host', () => {
    const { servers } = JSON.parse(text('/openapi.json', { domainName: '127.0.0.1:4280' }));
    expect(servers).toEqual([{ url: 'http://127.0.0.1:4280' }]);
  });

  it('has a relative URL for a forged host header', () => {
    const { servers } = JSON.parse(text('/openapi.json', { domainName: 'evil"><script>' }));
    expect(servers).toEqual([{ url: '/' }]);
  });
});

describe('caching', () => {
  it.each(['/openapi.json', '/docs'])('answers a current tag of %s with 304', (path) => {
    const first = serveDocs(event(path));
    const etag = String(first.headers?.['etag']);
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(first.headers?.['cache-control']).toMatch(/^public, max-age=\d+$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = serveDocs(event(path, { headers: { 'if-none-match': tag } }));
      expect(again, tag).toMatchObject({ status: 304, body: '', headers: { etag } });
    }
  });

  it('answers an old tag with the whole page', () => {
    const answer = serveDocs(event('/docs', { headers: { 'if-none-match': '"of-last-week"' } }));
    expect(answer.status).toBe(200);
  });

  it('gives the pages of two hosts different tags', () => {
    const tags = ['a.example.com', 'b.example.com'].map(
      (domainName) => serveDocs(event('/openapi.json', { domainName })).headers?.['etag'],
    );
    expect(new Set(tags).size).toBe(2);
  });
});

describe('the page', () => {
  const page = text('/docs');
  const document = openApiDocument();
  const operations = Object.entries(document.paths).flatMap(([path, ofPath]) =>
    METHODS.flatMap((method) => {
      const operation = ofPath[method];
      return operation === undefined ? [] : [{ method, path, ...operation }];
    }),
  );
  const section = (operationId: string): string =>
    new RegExp(`<section id="${operationId}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? '';
  const curl = (operationId: string): string =>
    /<h3>Try it<\/h3>\n<pre[^>]*><code>([\s\S]*?)<\/code>/.exec(section(operationId))?.[1] ?? '';

  it('has no script and no external resource', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('has the one style whose hash is in the content security policy', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = String(serveDocs(event('/docs')).headers?.['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
  });

  it('shows every route with a curl command', () => {
    for (const { path, operationId } of operations) {
      expect(page).toContain(`id="${operationId}"`);
      // Path parameters are replaced by their examples.
      const address = `&quot;$AISLE${path.replace(/\{.*/, '')}`;
      expect(section(operationId)).toMatch(
        new RegExp(`curl -i (?:-X [A-Z]+ )?${address.replace('$', '\\$')}`),
      );
    }
    expect(page).toContain('AISLE=https://api.example.com');
  });

  it('names the method of each route, in the list and above its section', () => {
    for (const { method, path, operationId } of operations) {
      const label = `<b class="method ${method}">${method.toUpperCase()}</b> <code>${path}</code>`;
      expect(page).toContain(`<a href="#${operationId}">${label}</a>`);
      expect(section(operationId)).toContain(`<h2>${label}</h2>`);
    }
  });

  it('passes curl the method if it is not the default, and the required key', () => {
    expect(curl('readFigures')).not.toContain('-X');
    expect(curl('readFigures')).toContain('Bearer $ACCESS_TOKEN');
    expect(curl('ingestReceipts')).not.toContain('-X');
    expect(curl('ingestReceipts')).toContain('Bearer $DEVICE_KEY');
    expect(curl('bindPhone')).toContain('Bearer $APP_KEY');
    expect(curl('openPush')).toContain('curl -i -X POST &quot;');
    expect(curl('openPush')).toContain('Bearer $PHONE_KEY');
    expect(curl('followLink')).not.toContain('Authorization');
    expect(section('followLink')).toContain('public');
    for (const [, name] of page.matchAll(/Bearer (\$\w+)/g)) expect(page).toContain(`${name?.slice(1)}=`);
  });

  it('lists every route once, under its tag', () => {
    const list = /<nav[^>]*>([\s\S]*?)<\/nav>/.exec(page)?.[1] ?? '';
    const listed = [...list.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(listed).toHaveLength(operations.length);
    expect(new Set(listed)).toEqual(new Set(operations.map(({ operationId }) => operationId)));
    for (const { name, description } of document.tags) {
      expect(list).toContain(`<h2>${name} <small>${description.replaceAll("'", '&#39;')}</small></h2>`);
    }
  });

  it('shows every field, every schema and every status', () => {
    for (const [name, { properties = {} }] of Object.entries(document.components.schemas)) {
      expect(page).toContain(`id="schema-${name}"`);
      for (const field of Object.keys(properties))
        expect(page).toContain(`<code class="name">${field}</code>`);
    }
    for (const { operationId, responses } of operations) {
      for (const status of Object.keys(responses)) expect(section(operationId)).toContain(`>${status}</b>`);
    }
  });

  it('shows limits in words', () => {
    expect(page).toContain('1 to 64 characters');
    expect(page).toContain('1 to 500 items');
    expect(page).toContain('-1000000 to 1000000 · not 0');
  });

  it('links only to its own sections', () => {
    const targets = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((id) => !targets.has(id))).toEqual([]);
  });

  it('closes every element', () => {
    const open: string[] = [];
    for (const [, close, name = '', attributes = ''] of page.matchAll(
      /<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)>/g,
    )) {
      if (name === 'meta') continue;
      if (close === '') open.push(name);
      else expect(open.pop(), attributes).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('renders lists of descriptions', () => {
    const shown = prose('Either `a` or b:\n\n- `a`: <one>\n- b').map((one) => one.html);
    expect(shown).toEqual([
      '<p>Either <code>a</code> or b:</p>',
      '<ul class="points"><li><code>a</code>: &lt;one&gt;</li><li>b</li></ul>',
    ]);
  });

  it('escapes descriptions', () => {
    const nasty = '<script>alert(1)</script> & "more"';
    const shown = renderPage({ ...document, info: { ...document.info, description: nasty } });
    expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;');
    expect(shown).not.toContain('<script>');
    expect(html`<b title="${'"'}">${["'", html`<i>`]}</b>`.html).toBe('<b title="&quot;">&#39;<i></b>');
  });
});

describe('another path', () => {
  it('returns problem details', async () => {
    const answer = await handler(event('/elsewhere') as unknown as APIGatewayProxyEventV2, {} as Context);
    expect(answer).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(JSON.parse(String(answer.body))).toMatchObject({ type: 'urn:aisle:problem:page-not-found' });
  });
});

describe('the function', () => {
  it('serves the page through the gateway', async () => {
    const answer = await handler(event('/docs') as unknown as APIGatewayProxyEventV2, {} as Context);
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  });
});
