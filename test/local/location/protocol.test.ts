import { request } from 'node:http';
import { ListDevicePositionsCommand, ListGeofencesCommand, LocationClient } from '@aws-sdk/client-location';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CollectionName, startWithClient, startWithTracker, TrackerName } from './location-client.ts';

interface Answer {
  readonly status: number | undefined;
  readonly errorType: unknown;
  readonly body: unknown;
}

/** Sends a raw request, without an SDK. */
const send = (url: string, method: string, path: string, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, method, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          errorType: response.headers['x-amzn-errortype'],
          body: JSON.parse(text),
        }),
      );
    })
      .on('error', reject)
      .end(body);
  });

describe('the protocol', () => {
  it('returns the error code in a header, and the reason and the fields in the body', async () => {
    const { server } = await startWithClient();
    expect(await send(server.url, 'POST', '/tracking/v0/trackers', '{}')).toEqual({
      status: 400,
      errorType: 'ValidationException',
      body: {
        message:
          "1 validation error detected: Value at 'trackerName' failed to satisfy constraint: Member must not be null",
        reason: 'Missing',
        fieldList: [{ name: 'trackerName', message: 'Member must not be null' }],
      },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['JSON that is not an object', '[]'],
    ['a member of the wrong type', '{"TrackerName": 5}'],
    ['a flag that is not a boolean', '{"TrackerName": "a", "EventBridgeEnabled": "yes"}'],
  ])('rejects a body with %s as unparseable', async (_, body) => {
    const { server } = await startWithClient();
    expect(await send(server.url, 'POST', '/tracking/v0/trackers', body)).toMatchObject({
      status: 400,
      errorType: 'ValidationException',
      body: { reason: 'CannotParse', fieldList: [] },
    });
  });

  it.each(['"yesterday"', '1700000000', '"2026-01-05"', '"2026-13-45T00:00:00Z"'])(
    'rejects a time that is not ISO 8601: %s',
    async (time) => {
      const { server } = await startWithClient();
      const body = `{"Updates": [{"DeviceId": "a", "Position": [1, 2], "SampleTime": ${time}}]}`;
      expect(await send(server.url, 'POST', '/tracking/v0/trackers/a/positions', body)).toMatchObject({
        status: 400,
        body: { reason: 'CannotParse' },
      });
    },
  );

  it.each([
    ['GET', '/tracking/v0/trackers'],
    // An operation of the service that this server does not implement: DescribeTracker.
    ['GET', '/tracking/v0/trackers/aisle-phones'],
    ['POST', '/maps/v0/maps'],
    ['POST', '/'],
  ])('answers 404 UnknownOperationException to %s %s', async (method, path) => {
    const { server } = await startWithClient();
    expect(await send(server.url, method, path)).toMatchObject({
      status: 404,
      errorType: 'UnknownOperationException',
    });
  });

  it('rejects a path with invalid percent-encoding', async () => {
    const { server } = await startWithClient();
    expect(await send(server.url, 'PATCH', '/tracking/v0/trackers/%E0%A4%A')).toMatchObject({
      status: 400,
      errorType: 'ValidationException',
    });
  });

  it('accepts an absolute URL as the request target, as an HTTP proxy does', async () => {
    const { server } = await startWithTracker();
    const path = `/tracking/v0/trackers/${TrackerName}/list-positions`;
    const url = `http://cp.tracking.geo.us-east-1.amazonaws.com${path}`;
    expect(await send(server.url, 'POST', url, '{}')).toMatchObject({ status: 200, body: { Entries: [] } });
  });

  it('throttles each operation by itself, at the configured calls per second', async () => {
    const { client, clock } = await startWithTracker('TimeBased', { quotas: { callsPerSecondMax: 2 } });
    const list = () => client.send(new ListDevicePositionsCommand({ TrackerName }));
    await list();
    await list();
    await expect(list()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    await client.send(new ListGeofencesCommand({ CollectionName }));
    clock.advance(500);
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('is not reached by a client that prefixes the host name', async () => {
    const { server } = await startWithClient();
    const client = new LocationClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    await expect(client.send(new ListDevicePositionsCommand({ TrackerName }))).rejects.toThrow();
  });
});
