/** The gateway's limits on a body's size, its time and the rate of requests. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '#local/servers/http-api/request-body.ts';
import type { Clock } from '#local/servers/wire/clock.ts';
import { openGateway } from './gateway.ts';

const counting = { functions: { main: (event: { body?: string }) => String(event.body?.length ?? 0) } };

describe('a body', () => {
  it('is accepted at ten megabytes', async () => {
    await using gateway = await openGateway({ routes: [{ routeKey: 'POST /x' }], ...counting });
    const response = await fetch(`${gateway.url}/x`, { method: 'POST', body: 'a'.repeat(BODY_BYTES_MAX) });
    expect([response.status, await response.text()]).toEqual([200, String(BODY_BYTES_MAX)]);
  });

  it('is rejected one byte above, and the client receives the response', async () => {
    await using gateway = await openGateway({ routes: [{ routeKey: 'POST /x' }], ...counting });
    const response = await fetch(`${gateway.url}/x`, {
      method: 'POST',
      body: 'a'.repeat(BODY_BYTES_MAX + 1),
    });
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('is rejected while it still arrives when it has no length', async () => {
    await using gateway = await openGateway({ routes: [{ routeKey: 'POST /x' }], ...counting });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}); // The gateway is expected to cut the connection.
    socket.write('POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    const sendOn = () => {
      if (socket.destroyed) return;
      sent += megabyte.length;
      socket.write('100000\r\n');
      socket.write(megabyte);
      socket.write('\r\n', () => setImmediate(sendOn));
    };
    sendOn();
    const head = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    expect(head).toContain('HTTP/1.1 413');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('is rejected when it takes longer than the limit', async () => {
    await using gateway = await openGateway({
      routes: [{ routeKey: 'POST /x' }],
      ...counting,
      options: { bodyMsMax: 20 },
    });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    const head = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    expect(head).toContain('HTTP/1.1 408');
    socket.destroy();
  });
});

describe('the throttle', () => {
  it('allows a burst, rejects the next request, and refills with time', async () => {
    let now = Date.UTC(2026, 0, 1);
    const clock: Clock = { nowMs: () => now, at: () => () => {} };
    await using gateway = await openGateway({
      routes: [{ routeKey: 'GET /x' }],
      functions: { main: () => 'ok' },
      api: { throttle: { ratePerSecond: 10, burst: 2 } },
      options: { clock },
    });
    const get = async () => (await fetch(`${gateway.url}/x`)).status;
    expect([await get(), await get(), await get()]).toEqual([200, 200, 429]);
    now += 100;
    expect([await get(), await get()]).toEqual([200, 429]);
    const rejected = await fetch(`${gateway.url}/x`);
    expect(await rejected.json()).toEqual({ message: 'Too Many Requests' });
  });

  it('limits each route by itself', async () => {
    await using gateway = await openGateway({
      routes: [{ routeKey: 'GET /x' }, { routeKey: 'GET /y', throttle: { ratePerSecond: 0, burst: 0 } }],
      functions: { main: () => 'ok' },
      api: { throttle: { ratePerSecond: 0, burst: 1 } },
    });
    expect((await fetch(`${gateway.url}/y`)).status).toBe(429);
    expect((await fetch(`${gateway.url}/x`)).status).toBe(200);
  });
});
