import { describe, expect, it } from 'vitest';
import { createRouter } from '#local/servers/http-api/routes.ts';

const router = (...keys: string[]) =>
  createRouter(keys.map((routeKey) => ({ routeKey, functionName: 'main', timeoutMs: 1, scopes: [] })));
const all = router(
  '$default',
  'ANY /v1/{rest+}',
  'GET /v1/{rest+}',
  'GET /v1/stores/{store}',
  'GET /v1/stores/sz01',
  'GET /v1/stores/{store}/days/{day}',
  'POST /',
);

describe('the router', () => {
  it.each([
    ['GET', '/v1/stores/sz01', 'GET /v1/stores/sz01'],
    ['GET', '/v1/stores/sz02', 'GET /v1/stores/{store}'],
    ['GET', '/v1/stores/sz02/days/1', 'GET /v1/stores/{store}/days/{day}'],
    ['GET', '/v1/stores/sz02/hours/1', 'GET /v1/{rest+}'],
    ['DELETE', '/v1/stores/sz01', 'ANY /v1/{rest+}'],
    ['POST', '/', 'POST /'],
    ['GET', '/', '$default'],
    ['GET', '/v1', '$default'],
  ])('chooses the most specific route of %s %s', (method, path, routeKey) => {
    expect(all.match(method, path)?.route.routeKey).toBe(routeKey);
  });

  it('returns the values of the path parameters', () => {
    expect(all.match('GET', '/v1/stores/sz02/days/7')?.pathParameters).toEqual({ store: 'sz02', day: '7' });
    expect(all.match('GET', '/v1/a/b/c')?.pathParameters).toEqual({ rest: 'a/b/c' });
    expect(all.match('GET', '/v1/stores/sz01')?.pathParameters).toBeUndefined();
  });

  it('matches no path with more or fewer segments, or another method', () => {
    const one = router('GET /v1/stores');
    expect(one.match('GET', '/v1/stores/')).toBeUndefined();
    expect(one.match('GET', '/v1')).toBeUndefined();
    expect(one.match('HEAD', '/v1/stores')).toBeUndefined();
  });

  it('owns the paths that begin like a route', () => {
    const api = router('GET /v1/stores', 'GET /docs');
    expect(api.owns('/v1/nothing')).toBe(true);
    expect(api.owns('/docs')).toBe(true);
    expect(api.owns('/')).toBe(false);
    expect(api.owns('/stores/sz01')).toBe(false);
  });
});
