import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveStaticFiles } from '#local/servers/http-api/static-files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'aisle-web-'));
const dir = join(scratch, 'web');
mkdirSync(join(dir, 'assets'), { recursive: true });
writeFileSync(join(dir, 'index.html'), '<!doctype html>店');
writeFileSync(join(dir, 'assets', 'app-1a2b.js'), 'let a');
writeFileSync(join(scratch, 'secret.txt'), 'secret');

const files = serveStaticFiles({
  dir,
  config: { clientId: 'aisle-web' },
  headers: { 'x-frame-options': 'DENY' },
});
const server = createServer((message, response) => void files.handle(message, response));
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(scratch, { recursive: true });
});

describe('the static files', () => {
  it.each(['/', '/stores/sz01', '/stores/sz01?day=1'])('have index.html for the page %s', async (path) => {
    const response = await fetch(url() + path);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(await response.text()).toContain('店');
  });

  it('are immutable where their names are hashed', async () => {
    const response = await fetch(`${url()}/assets/app-1a2b.js`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('have a 404, not a page, for a missing script', async () => {
    expect((await fetch(`${url()}/assets/gone.js`)).status).toBe(404);
  });

  it('are not sent again to a client that has them', async () => {
    const etag = (await fetch(`${url()}/`)).headers.get('etag') ?? '';
    const again = await fetch(`${url()}/`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('are served to HEAD without a body, and to no method but GET and HEAD', async () => {
    const head = await fetch(`${url()}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${url()}/`, { method: 'POST' })).status).toBe(405);
  });

  it('include the stage’s settings as config.json', async () => {
    expect(await (await fetch(`${url()}/config.json`)).json()).toEqual({ clientId: 'aisle-web' });
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt'])(
    'exclude a path out of their folder: %s',
    async (path) => {
      const status = await new Promise((resolve) => {
        // fetch would normalise the path.
        request(url(), { path }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
      expect(status).toBe(404);
    },
  );
});
