/**
 * The AWS CLI as an independent client: another language, another SDK, its own implementation of the
 * protocol.
 *
 * The CLI prefixes the endpoint's host with `tracking.` or `geofencing.`; newer versions can switch that off,
 * older ones (Debian 12's among them) cannot. So the tests configure the server as the CLI's HTTP proxy,
 * which receives the requests for every host.
 */
import { execFile, execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CollectionName, startWithTracker, TrackerName } from './location-client.ts';

/** Debian's CLI, or any other on the PATH; it takes a second or more to start. */
const CLI = ['/usr/bin/aws', 'aws'].find((path) => {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
const WHY_SKIPPED =
  CLI === undefined ? ' (skipped: no AWS CLI on this machine; Debian has it as awscli)' : '';
const CLI_MS_MAX = 120_000;

/** A host that does not resolve, with or without a prefix. */
const ENDPOINT = 'http://location.invalid';

async function startWithCli() {
  const { server, clock, published } = await startWithTracker('AccuracyBased');
  const aws = (...args: string[]): Promise<{ readonly output: unknown; readonly error: string }> =>
    new Promise((resolve) => {
      execFile(
        CLI ?? 'aws',
        ['location', ...args, '--endpoint-url', ENDPOINT, '--region', 'us-east-1', '--output', 'json'],
        {
          env: {
            ...process.env,
            http_proxy: server.url,
            HTTP_PROXY: server.url,
            no_proxy: '',
            NO_PROXY: '',
            AWS_ACCESS_KEY_ID: 'local',
            AWS_SECRET_ACCESS_KEY: 'local',
            AWS_PAGER: '',
            AWS_MAX_ATTEMPTS: '1',
          },
        },
        (failed, stdout, stderr) =>
          resolve({ output: failed || stdout === '' ? undefined : JSON.parse(stdout), error: stderr }),
      );
    });
  return { aws, clock, published };
}

const collection = ['--collection-name', CollectionName];
const tracker = ['--tracker-name', TrackerName];
const GEOMETRY = JSON.stringify({ Circle: { Center: [116.3, 39.9], Radius: 100 } });

describe.skipIf(CLI === undefined)(`the AWS CLI${WHY_SKIPPED}`, { timeout: CLI_MS_MAX }, () => {
  it('puts a geofence, sends positions that enter it, and lists the devices', async () => {
    const { aws, clock, published } = await startWithCli();
    const put = await aws('put-geofence', ...collection, '--geofence-id', 'sz01', '--geometry', GEOMETRY);
    expect(put.output).toMatchObject({ GeofenceId: 'sz01' });

    const SampleTime = new Date(clock.nowMs()).toISOString();
    const updates = [
      { DeviceId: 'phone-1', SampleTime, Position: [116.3, 39.9], Accuracy: { Horizontal: 8 } },
      { DeviceId: 'lost', SampleTime, Position: [500, 39.9] },
    ];
    const updated = await aws(
      'batch-update-device-position',
      ...tracker,
      '--updates',
      JSON.stringify(updates),
    );
    expect(updated.output).toMatchObject({
      Errors: [{ DeviceId: 'lost', Error: { Code: 'ValidationError' } }],
    });
    expect(published()).toEqual(['phone-1 ENTER sz01']);

    const devices = await aws('list-device-positions', ...tracker);
    expect(devices.output).toMatchObject({
      Entries: [{ DeviceId: 'phone-1', Position: [116.3, 39.9], Accuracy: { Horizontal: 8 } }],
    });
  });

  it('reports the error code of a failed call', async () => {
    const { aws } = await startWithCli();
    const unknown = await aws('list-device-positions', '--tracker-name', 'missing');
    expect(unknown.error).toContain(
      '(ResourceNotFoundException) when calling the ListDevicePositions operation',
    );
    const flat = JSON.stringify({ Circle: { Center: [116.3, 39.9], Radius: 0 } });
    const refused = await aws('put-geofence', ...collection, '--geofence-id', 'a', '--geometry', flat);
    expect(refused.error).toContain('(ValidationException) when calling the PutGeofence operation');
  });
});
