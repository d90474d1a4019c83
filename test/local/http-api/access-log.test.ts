import { describe, expect, it } from 'vitest';
import { openGateway } from './gateway.ts';

describe('the access log', () => {
  it('has one line per request, in the format of the template', async () => {
    await using gateway = await openGateway({
      routes: [{ routeKey: 'GET /x' }],
      functions: { main: () => 'ok' },
      api: {
        accessLogFormat: JSON.stringify({
          route: '$context.routeKey',
          status: '$context.status',
          bytes: '$context.responseLength',
          agent: '$context.identity.userAgent',
          error: '$context.error.message',
          secret: '$context.authorizer.deviceId',
        }),
      },
    });
    await fetch(`${gateway.url}/x`, { headers: { 'user-agent': 'a "till"' } });
    await fetch(`${gateway.url}/y`);
    expect(gateway.lines).toEqual([
      { route: 'GET /x', status: '200', bytes: '2', agent: 'a "till"', error: '-', secret: '-' },
      { route: '-', status: '404', bytes: '23', agent: expect.any(String), error: 'no route', secret: '-' },
    ]);
  });
});
