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
  it('has an ARN under its application, and the attributes it was given', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    expect(arn).toMatch(/^arn:aws:sns:us-east-1:000000000000:endpoint\/GCM\/aisle\/[0-9a-f-]{36}$/);
    expect(await attributesOf(client, arn)).toEqual({
      Enabled: 'true',
      Token: 'token',
      CustomUserData: 'phone-1',
    });
  });

  it('is the same for the same token and attributes, also after it has been disabled', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    expect(await createEndpoint(client, 'token', { CustomUserData: 'phone-1' })).toBe(arn);
    await client.send(set(arn, { Enabled: 'false' }));
    expect(await createEndpoint(client, 'token', { CustomUserData: 'phone-1' })).toBe(arn);
    expect(await attributesOf(client, arn)).toMatchObject({ Enabled: 'false' });
    const other = await createEndpoint(client, 'ab12', { PlatformApplicationArn: APNS_APPLICATION });
    expect(other).not.toBe(arn);
  });

  it('is named in the refusal of the same token with other attributes', async () => {
    const { client } = await startWithApplications();
    const arn = await createEndpoint(client, 'token', { CustomUserData: 'phone-1' });
    const refusal = {
      name: 'InvalidParameterException',
      message: `Invalid parameter: Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
    };
    for (const how of [
      { CustomUserData: 'phone-2' },
      {},
      { CustomUserData: 'phone-1', Attributes: { Enabled: 'false' } },
    ])
      await expect(createEndpoint(client, 'token', how)).rejects.toMatchObject(refusal);
    // Nor can another endpoint be given the token.
    const other = await createEndpoint(client, 'another');
    await expect(client.send(set(other, { Token: 'token' }))).rejects.toMatchObject(refusal);
  });

  it('can be changed, and only what is named', async () => {
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

  it('gives back any user data and any token as it was', async () => {
    const { client } = await startWithApplications();
    // The client's own reader of XML drops a text that is all blanks, also one from AWS.
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

  it('is gone once it is deleted, and deleting it again is no mistake', async () => {
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

  it('that is not there has no attributes to read or to set', async () => {
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
    ['a token too long', 'x'.repeat(8193), {}, 'Token Reason: must be at most 8192 bytes'],
    [
      'a token that is none of Apple’s',
      'not hexadecimal',
      { PlatformApplicationArn: APNS_APPLICATION },
      'iOS device tokens must be no more than 400 hexadecimal characters',
    ],
    [
      'a token too long for Apple',
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
    ['attributes it does not know', 't', { Attributes: { Colour: 'red' } }, 'Invalid attribute name: Colour'],
    ['a flag that is none', 't', { Attributes: { Enabled: 'maybe' } }, 'Enabled must be true or false'],
  ])('is refused with %s', async (_, token, how, why) => {
    const { client } = await startWithApplications();
    await expect(createEndpoint(client, token, how)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(why),
    });
  });

  it('is refused under an application that is not there', async () => {
    const { client } = await startWithClient();
    await expect(createEndpoint(client, 'token')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'PlatformApplication does not exist',
    });
  });
});

describe('an SNS server started again', () => {
  it('has kept its applications, its endpoints and what they were sent', async () => {
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

describe('a phone that was deleted', () => {
  it('is in no file any more, neither its token nor what it was sent', async () => {
    const dataDir = await temporaryFolder();
    const { client, server } = await startWithApplications({ dataDir });
    const isOnDisk = (text: string) =>
      readdirSync(dataDir).some((file) => readFileSync(join(dataDir, file)).includes(text));
    const arn = await createEndpoint(client, 'a-token-to-forget', { CustomUserData: 'a-phone-to-forget' });
    await publish(client, arn, { default: 'a-text-to-forget' });
    const secrets = ['a-token-to-forget', 'a-phone-to-forget', 'a-text-to-forget'];
    expect(secrets.filter(isOnDisk)).toEqual(secrets);
    await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
    expect(secrets.filter(isOnDisk)).toEqual([]);
    expect(server.deliveries(arn)).toEqual([]);
    expect(server.phones()).toEqual([]);
  });
});
