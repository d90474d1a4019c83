import { PublishCommand, SetEndpointAttributesCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '#local/servers/sns/server.ts';
import { manualClock } from '../wire/manual-clock.ts';
import {
  APNS_APPLICATION,
  createEndpoint,
  publish,
  startWithApplications,
  UNKNOWN_ENDPOINT,
} from './sns-client.ts';

async function startWithPhones() {
  const clock = manualClock();
  const published: Delivery[] = [];
  const started = await startWithApplications({ clock, onPublish: (delivery) => published.push(delivery) });
  const android = await createEndpoint(started.client, 'token');
  const apple = await createEndpoint(started.client, 'ab12', { PlatformApplicationArn: APNS_APPLICATION });
  return { ...started, clock, published, android, apple };
}

const V1 = {
  fcmV1Message: {
    message: {
      notification: { title: 'Earphones, 20 % off', body: '你看过的耳机' },
      data: { link: 'https://aisle.example/c/t', pushId: 'p-1' },
      android: { priority: 'high', ttl: '3600s', notification: { tag: 'p-1' } },
    },
  },
};
const APNS = {
  aps: { alert: { title: 'Earphones, 20 % off', body: '你看过的耳机' }, sound: 'default' },
  link: 'https://aisle.example/c/t',
};

describe('a message published to a phone', () => {
  it('is stored with the payload for the phone’s push service, and passed to onPublish', async () => {
    const { server, client, clock, published, android, apple } = await startWithPhones();
    const first = await publish(client, android, { default: 'text', GCM: V1, APNS });
    clock.advance(1_000);
    const second = await publish(client, apple, { default: 'text', GCM: V1, APNS });
    expect(server.deliveries(android)).toEqual([
      {
        messageId: first,
        endpointArn: android,
        platform: 'GCM',
        payload: V1,
        collapseId: 'p-1',
        sentAtMs: clock.nowMs() - 1_000,
      },
    ]);
    expect(server.deliveries(apple)).toMatchObject([{ messageId: second, platform: 'APNS', payload: APNS }]);
    expect(published).toEqual([...server.deliveries(android), ...server.deliveries(apple)]);
  });

  it('is listed newest first among the newest two hundred', async () => {
    const { server, client, android } = await startWithPhones();
    for (let n = 0; n < 203; n++) await publish(client, android, { default: String(n) });
    const texts = server
      .deliveries(android)
      .map(({ payload }) => (payload['data'] as { default: string }).default);
    expect(texts).toEqual(Array.from({ length: 200 }, (_, n) => String(202 - n)));
  });

  it('has the collapse id of its attributes on an Apple phone', async () => {
    const { server, client, apple } = await startWithPhones();
    const named = (StringValue: string) => ({
      MessageAttributes: {
        'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': { DataType: 'String', StringValue },
        'AWS.SNS.MOBILE.APNS.TTL': { DataType: 'String', StringValue: '60' },
      },
    });
    await publish(client, apple, { APNS }, named('p-1'));
    await publish(client, apple, { APNS });
    expect(server.deliveries(apple).map(({ collapseId }) => collapseId)).toEqual([undefined, 'p-1']);
  });

  it('is wrapped as SNS wraps it when it is plain text', async () => {
    const { server, client, android, apple } = await startWithPhones();
    await client.send(new PublishCommand({ TargetArn: android, Message: 'hello' }));
    await publish(client, apple, { default: 'hello', GCM: V1 });
    expect(server.deliveries(android)[0]?.payload).toEqual({ data: { default: 'hello' } });
    expect(server.deliveries(apple)[0]?.payload).toEqual({ aps: { alert: 'hello' } });
  });

  it('is accepted in FCM’s legacy form', async () => {
    const { server, client, android } = await startWithPhones();
    const legacy = { notification: { title: 'a' }, data: { n: 1 } };
    await publish(client, android, { GCM: legacy });
    expect(server.deliveries(android)[0]?.payload).toEqual(legacy);
  });

  it('is rejected for a disabled phone until the phone is enabled again', async () => {
    const { server, client, android } = await startWithPhones();
    const enable = (Enabled: string) =>
      client.send(new SetEndpointAttributesCommand({ EndpointArn: android, Attributes: { Enabled } }));
    await enable('false');
    await expect(publish(client, android, { GCM: V1 })).rejects.toMatchObject({
      name: 'EndpointDisabledException',
      message: 'Endpoint is disabled',
      $metadata: { httpStatusCode: 400 },
    });
    expect(server.deliveries(android)).toEqual([]);
    await enable('true');
    await publish(client, android, { GCM: V1 });
    expect(server.deliveries(android)).toHaveLength(1);
  });

  it('is rejected for an unknown phone, as InvalidParameter and not as NotFound', async () => {
    const { client } = await startWithPhones();
    await expect(publish(client, UNKNOWN_ENDPOINT, { default: 'x' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified',
    });
  });

  it('is limited to the size that the push services allow', async () => {
    const { client, android, apple } = await startWithPhones();
    const apns = (length: number) => ({ aps: { alert: 'x'.repeat(length) } });
    const own = JSON.stringify(apns(0)).length;
    await publish(client, apple, { APNS: apns(4096 - own) });
    await expect(publish(client, apple, { APNS: apns(4097 - own) })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        'Invalid parameter: Message Reason: Invalid notification for protocol APNS: Notification is too long',
    });
    // The limit is 4,096 bytes, not characters.
    const chinese = { fcmV1Message: { message: { notification: { body: '店'.repeat(1_400) } } } };
    await expect(publish(client, android, { GCM: chinese })).rejects.toMatchObject({
      message: expect.stringContaining('protocol GCM: Notification data is larger than allowed limit'),
    });
    await expect(publish(client, android, { default: 'x'.repeat(262_144) })).rejects.toMatchObject({
      message: 'Invalid parameter: Message too long',
    });
  });

  it.each<[string, unknown]>([
    ['malformed JSON', '{'],
    ['a list', []],
    ['neither form', { message: {} }],
    ['both forms at once', { ...V1, data: {} }],
    ['an empty v1 message', { fcmV1Message: {} }],
    ['a target of its own', { fcmV1Message: { message: { token: 'other' } } }],
    ['data that are not all strings', { fcmV1Message: { message: { data: { n: 1 } } } }],
    ['a title that is no string', { fcmV1Message: { message: { notification: { title: 1 } } } }],
    ['a time to live without a unit', { fcmV1Message: { message: { android: { ttl: 3600 } } } }],
    ['an unknown priority', { fcmV1Message: { message: { android: { priority: 'urgent' } } } }],
  ])('is rejected for FCM with %s', async (_, GCM) => {
    const { client, android } = await startWithPhones();
    await expect(publish(client, android, { default: 'x', GCM })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        'Invalid parameter: Message Reason: Invalid notification for protocol GCM: Notification is malformed',
    });
  });

  it.each<[string, unknown]>([
    ['no aps', { alert: 'x' }],
    ['an alert that is neither string nor object', { aps: { alert: 1 } }],
    ['a body that is no string', { aps: { alert: { body: 1 } } }],
  ])('is rejected for Apple with %s', async (_, payload) => {
    const { client, apple } = await startWithPhones();
    await expect(publish(client, apple, { APNS: payload })).rejects.toMatchObject({
      message: expect.stringContaining('protocol APNS: Notification is malformed'),
    });
  });

  it.each<[string, ConstructorParameters<typeof PublishCommand>[0], string, string]>([
    ['no target', { Message: 'x' }, 'InvalidParameterException', 'TopicArn or TargetArn'],
    ['a topic', { Message: 'x', TopicArn: 'arn:t' }, 'NotFoundException', 'Topic does not exist'],
    ['a telephone number', { Message: 'x', PhoneNumber: '+1' }, 'InvalidParameterException', 'PhoneNumber'],
    ['an empty text', { Message: '' }, 'InvalidParameterException', 'Empty message'],
    [
      'an unknown structure',
      { Message: 'x', MessageStructure: 'xml' },
      'InvalidParameterException',
      'MessageStructure',
    ],
    [
      'a structure of malformed JSON',
      { Message: '{', MessageStructure: 'json' },
      'InvalidParameterException',
      'JSON message body failed to parse',
    ],
    [
      'a structure without an entry for the phone',
      { Message: '{"APNS":"{}"}', MessageStructure: 'json' },
      'InvalidParameterException',
      'No default entry in JSON message body',
    ],
  ])('is rejected with %s', async (flaw, input, name, reason) => {
    const { client, android } = await startWithPhones();
    const hasNoTarget = ['no target', 'a topic', 'a telephone number'].includes(flaw);
    const command = new PublishCommand({ ...(hasNoTarget ? {} : { TargetArn: android }), ...input });
    await expect(client.send(command)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(reason),
    });
  });
});
