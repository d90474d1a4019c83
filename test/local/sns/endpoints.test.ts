import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  SetEndpointAttributesCommand,
} from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../wire/child-server.ts';
import {
  APNS_APPLICATION,
  attributesOf,
  createEndpoint,
  publish,
  startWithApplications,
  startWithClient,
  UNKNOWN_ENDPOINT,
} from './sns-client.ts';

const set = (EndpointArn: string, Attributes: Record<string, string>) =>
  new SetEndpointAttributesCommand({ EndpointArn, Attributes });

describe('an endpoint', () => {
  it('has an ARN under its application, and its attributes', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    expect(arn).toMatch(/^arn:aws:sns:us-east-1:000000000000:endpoint\/GCM\/aisle\/[0-9a-f-]{36}$/);
    expect(await attributesOf(client, arn)).toEqual({
      Enabled: 'true',
      Token: 'token',
      CustomUserData: 'phone-1',
    });
  });

  it('is returned again for the same token and attributes, even after it has been disabled', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    expect(await createEndpoint(client, 'token', { CustomUserData: 'phone-1' })).toBe(arn);
    await client.send(set(arn, { Enabled: 'false' }));
    expect(await createEndpoint(client, 'token', { CustomUserData: 'phone-1' })).toBe(arn);
    expect(await attributesOf(client, arn)).toMatchObject({ Enabled: 'false' });
    const other = await createEndpoint(client, 'ab12', { PlatformApplicationArn: APNS_APPLICATION });
    expect(other).not.toBe(arn);
  });

  it('is named in the error for the same token with other attributes', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    const rejection = {
      name: 'InvalidParameterException',
      message: `Invalid parameter: Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
    };
    for (const options of [
      { CustomUserData: 'phone-2' },
      {},
      { CustomUserData: 'phone-1', Attributes: { Enabled: 'false' } },
    ])
      await expect(createEndpoint(client, 'token', options)).rejects.toMatchObject(rejection);
    // Another endpoint cannot get the token either.
    const other = await createEndpoint(client, 'another');
    await expect(client.send(set(other, { Token: 'token' }))).rejects.toMatchObject(rejection);
  });

  it('changes by name and keeps its other attributes', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    await client.send(set(arn, { Enabled: 'false', Token: 'token-2' }));
    expect(await attributesOf(client, arn)).toEqual({
      Enabled: 'false',
      Token: 'token-2',
      CustomUserData: 'phone-1',
    });
    expect(await createEndpoint(client, 'token')).not.toBe(arn);
  });

  it('returns any user data and any token unchanged', async () => {
    const { client } = await startWithApplications();
    // The client's XML parser drops a text of blanks only, on AWS, too.
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(texts, texts, async (token, userData) => {
        const arn = await createEndpoint(client, token, { CustomUserData: userData });
        expect(await attributesOf(client, arn)).toEqual({
          Enabled: 'true',
          Token: token,
          CustomUserData: userData,
        });
        await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
      }),
      {
        numRuns: 50,
        examples: [
          ['a&b=c+d %', '<b>"\'\r\n\t&amp;'],
          ['周', ' \n x '],
        ],
      },
    );
  });

  it('can be deleted twice and is unknown afterwards', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token');
    await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
    await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
    await expect(attributesOf(client, arn)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Endpoint does not exist',
      $metadata: { httpStatusCode: 404 },
    });
    expect(await createEndpoint(client, 'token')).not.toBe(arn);
  });

  it('has no attributes to read or to set where it is unknown', async () => {
    const { client } = await startWithApplications();
    const missing = { name: 'NotFoundException' };
    await expect(attributesOf(client, UNKNOWN_ENDPOINT)).rejects.toMatchObject(missing);
    await expect(client.send(set(UNKNOWN_ENDPOINT, { Enabled: 'true' }))).rejects.toMatchObject(missing);
    const slashes = new GetEndpointAttributesCommand({ EndpointArn: 'arn:aws:sns:us-east-1:0:endpoint/x' });
    await expect(client.send(slashes)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        'Invalid parameter: EndpointArn Reason: Wrong number of slashes in relative portion of the ARN.',
    });
  });

  it.each<[string, string, Parameters<typeof createEndpoint>[2], string]>([
    ['an empty token', '', {}, 'Token Reason: cannot be empty'],
    ['too long a token', 'x'.repeat(8193), {}, 'Token Reason: must be at most 8192 bytes'],
    [
      'a token that is not hexadecimal for Apple',
      'not hexadecimal',
      { PlatformApplicationArn: APNS_APPLICATION },
      'iOS device tokens must be no more than 400 hexadecimal characters',
    ],
    [
      'too long a token for Apple',
      'a'.repeat(401),
      { PlatformApplicationArn: APNS_APPLICATION },
      'iOS device tokens must be no more than 400 hexadecimal characters',
    ],
    [
      'too much user data',
      't',
      { CustomUserData: '周'.repeat(683) },
      'CustomUserData Reason: must be at most 2048',
    ],
    ['an unknown attribute', 't', { Attributes: { Colour: 'red' } }, 'Invalid attribute name: Colour'],
    [
      'a flag that is neither true nor false',
      't',
      { Attributes: { Enabled: 'maybe' } },
      'Enabled must be true or false',
    ],
  ])('is rejected with %s', async (_, token, options, reason) => {
    const { client } = await startWithApplications();
    await expect(createEndpoint(client, token, options)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(reason),
    });
  });

  it('is rejected under an unknown application', async () => {
    const { client } = await startWithClient();
    await expect(createEndpoint(client, 'token')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'PlatformApplication does not exist',
    });
  });
});

describe('a restarted SNS server', () => {
  it('still has its applications, its endpoints and their deliveries', async () => {
    const dataDir = await temporaryFolder();
    const before = await startWithApplications({ dataDir });
    const arn = await createEndpoint(before.client, 'token', { CustomUserData: 'phone-1' });
    const messageId = await publish(before.client, arn, { default: 'hello' });
    await before.server.close();

    const { client, server } = await startWithClient({ dataDir });
    expect(await attributesOf(client, arn)).toMatchObject({ Token: 'token', CustomUserData: 'phone-1' });
    expect(server.phones()).toMatchObject([{ endpointArn: arn, platform: 'GCM', userData: 'phone-1' }]);
    expect(server.deliveries(arn)).toMatchObject([{ messageId, payload: { data: { default: 'hello' } } }]);
  });
});

describe('a deleted phone', () => {
  it('leaves neither its token nor its deliveries in any file', async () => {
    const dataDir = await temporaryFolder();
    const { client, server } = await startWithApplications({ dataDir });
    const isOnDisk = (text: string) =>
      readdirSync(dataDir).some((file) => readFileSync(join(dataDir, file)).includes(text));
    const arn = await createEndpoint(client, 'a-secret-token', { CustomUserData: 'a-secret-phone' });
    await publish(client, arn, { default: 'a-secret-text' });
    const secrets = ['a-secret-token', 'a-secret-phone', 'a-secret-text'];
    expect(secrets.filter(isOnDisk)).toEqual(secrets);
    await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
    expect(secrets.filter(isOnDisk)).toEqual([]);
    expect(server.deliveries(arn)).toEqual([]);
    expect(server.phones()).toEqual([]);
  });
});
