import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, openGateway } from './gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({
    routes: [{ routeKey: 'POST /x' }],
    functions: {
      main: () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://evil.example' } }),
    },
    api: {
      cors: {
        allowOrigins: ['https://aisle.example'],
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['authorization'],
        exposeHeaders: ['apigw-requestid'],
        allowCredentials: false,
        maxAgeSeconds: 3600,
      },
    },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const preflight = (origin: string) =>
  fetch(`${gateway.url}/x`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });

describe('CORS', () => {
  it('answers a preflight without a function, as configured', async () => {
    const { status, headers } = await preflight('https://aisle.example');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://aisle.example');
    expect(headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(headers.get('access-control-allow-headers')).toBe('authorization');
    expect(headers.get('access-control-max-age')).toBe('3600');
  });

  it('grants nothing to another origin', async () => {
    const { status, headers } = await preflight('https://evil.example');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets an allowed page read responses, whatever headers the function sets', async () => {
    const ours = await fetch(`${gateway.url}/x`, {
      method: 'POST',
      headers: { origin: 'https://aisle.example' },
    });
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://aisle.example');
    expect(ours.headers.get('access-control-expose-headers')).toBe('apigw-requestid');
    const evil = await fetch(`${gateway.url}/x`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets an allowed page read errors, too', async () => {
    const response = await fetch(`${gateway.url}/nowhere`, { headers: { origin: 'https://aisle.example' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://aisle.example');
  });
});
