import { request } from 'node:http';
import { CreateTrackerCommand, ListTrackersCommand, LocationClient } from '@aws-sdk/client-location';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWithClient, TrackerName } from './location-client.ts';

interface Answer {
  readonly status: number | undefined;
  readonly errorType: unknown;
  readonly body: unknown;
}

/** A request as no SDK would make it. */
const ask = (url: string, method: string, path: string, body = ''): Promise<Answer> =>
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
  it('names the kind of a refusal in a header, and in the body what is wrong and where', async () => {
    const { server } = await startWithClient();
    expect(await ask(server.url, 'POST', '/tracking/v0/trackers', '{}')).toEqual({
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
    ['what is no JSON', '{'],
    ['JSON that is no object', '[]'],
    ['a member of another type', '{"TrackerName": 5}'],
    ['a flag that is none', '{"TrackerName": "a", "EventBridgeEnabled": "yes"}'],
  ])('says of %s that it cannot be read', async (_, body) => {
    const { server } = await startWithClient();
    expect(await ask(server.url, 'POST', '/tracking/v0/trackers', body)).toMatchObject({
      status: 400,
      errorType: 'ValidationException',
      body: { reason: 'CannotParse', fieldList: [] },
    });
  });

  it.each(['"yesterday"', '1700000000', '"2026-01-05"', '"2026-13-45T00:00:00Z"'])(
    'takes no time but one of ISO 8601: %s',
    async (time) => {
      const { server } = await startWithClient();
      const body = `{"Updates": [{"DeviceId": "a", "Position": [1, 2], "SampleTime": ${time}}]}`;
      expect(await ask(server.url, 'POST', '/tracking/v0/trackers/a/positions', body)).toMatchObject({
        status: 400,
        body: { reason: 'CannotParse' },
      });
    },
  );

  it.each([
    ['GET', '/tracking/v0/trackers'],
    ['POST', '/maps/v0/maps'],
    ['POST', '/'],
  ])('knows no operation %s %s', async (method, path) => {
    const { server } = await startWithClient();
    expect(await ask(server.url, method, path)).toMatchObject({
      status: 404,
      errorType: 'UnknownOperationException',
    });
  });

  it('refuses a path that is not encoded as paths are', async () => {
    const { server } = await startWithClient();
    expect(await ask(server.url, 'GET', '/tracking/v0/trackers/%E0%A4%A')).toMatchObject({
      status: 400,
      errorType: 'ValidationException',
    });
  });

  it('takes a whole URL for a path, as from a client that has it for a proxy', async () => {
    const { server } = await startWithClient();
    const url = 'http://cp.tracking.geo.us-east-1.amazonaws.com/tracking/v0/list-trackers';
    expect(await ask(server.url, 'POST', url, '{}')).toMatchObject({ status: 200, body: { Entries: [] } });
  });

  it('lets in no more calls of an operation in a second than it is told to', async () => {
    const { client, clock } = await startWithClient({ quotas: { callsPerSecondMax: 2 } });
    const list = () => client.send(new ListTrackersCommand());
    await list();
    await list();
    await expect(list()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    await client.send(new CreateTrackerCommand({ TrackerName }));
    clock.advance(500);
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('reaches no host of another name: a client that puts one in front has to be told not to', async () => {
    const { server } = await startWithClient();
    const client = new LocationClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    await expect(client.send(new ListTrackersCommand())).rejects.toThrow();
  });
});
