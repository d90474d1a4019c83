import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreatePlatformApplicationCommand,
  GetEndpointAttributesCommand,
  SetEndpointAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { snsClient } from '#adapters/push/client.ts';
import { snsPhonePush } from '#adapters/push/phone-push.ts';
import type { PushPlatform } from '#application/ports/phone-push.ts';
import { type Delivery, type SnsServer, startSns } from '#local/servers/sns/server.ts';
import { describePhonePush, NOTE, type ShownNote } from '#test/support/describe-phone-push.ts';
import { memoryPhonePush } from '#test/support/memory-phone-push.ts';

describePhonePush('in memory', async () => {
  const push = memoryPhonePush();
  return {
    push,
    received: async (phone) => push.received(phone).map(({ ttlSeconds: _, ...shown }) => shown),
    userDataOf: async (phone) => push.userDataOf(phone),
    uninstall: async (phone) => push.uninstall(phone),
    without: (platform) => memoryPhonePush((['fcm', 'apns'] as const).filter((one) => one !== platform)),
  };
});

const clientOf = (endpoint: string): SNSClient =>
  snsClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** The content that an app shows, from where its platform puts it. */
function shown({ platform, payload }: Delivery): ShownNote {
  if (platform === 'GCM') {
    const { message } = payload['fcmV1Message'] as {
      message: { notification: ShownNote; data: ShownNote };
    };
    return { ...message.notification, ...message.data };
  }
  const { aps, ...data } = payload as unknown as ShownNote & { aps: { alert: ShownNote } };
  return { ...aps.alert, ...data };
}

describe('over the wire', () => {
  let server: SnsServer;
  let client: SNSClient;
  let applications = 0;
  beforeAll(async () => {
    server = await startSns();
    client = clientOf(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  async function newApplications(): Promise<Record<PushPlatform, string>> {
    const Name = `app-${applications++}`;
    const create = async (Platform: string) => {
      const Attributes = { PlatformCredential: 'local' };
      const command = new CreatePlatformApplicationCommand({ Name, Platform, Attributes });
      return (await client.send(command)).PlatformApplicationArn ?? '';
    };
    return { fcm: await create('GCM'), apns: await create('APNS') };
  }

  describePhonePush('over SNS', async () => {
    const both = await newApplications();
    return {
      push: snsPhonePush(client, both),
      received: async (phone) => server.deliveries(phone).map(shown).reverse(),
      async userDataOf(EndpointArn) {
        const { Attributes = {} } = await client.send(new GetEndpointAttributesCommand({ EndpointArn }));
        return Attributes['CustomUserData'];
      },
      async uninstall(EndpointArn) {
        const Attributes = { Enabled: 'false' };
        await client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes }));
      },
      without: (platform) =>
        snsPhonePush(client, platform === 'fcm' ? { apns: both.apns } : { fcm: both.fcm }),
    };
  });

  describe('a push', () => {
    it('wakes the phone now or not at all, and takes the place of its own repetition', async () => {
      const push = snsPhonePush(client, await newApplications());
      const payloads: unknown[] = [];
      for (const [platform, token] of [
        ['fcm', 'token'],
        ['apns', 'ab12'],
      ] as const) {
        const registered = await push.register(platform, token);
        const phone = registered.kind === 'registered' ? registered.endpointArn : '';
        await push.send(phone, platform, NOTE);
        const [delivery] = server.deliveries(phone);
        expect(delivery?.collapseId).toBe(NOTE.pushId);
        payloads.push(delivery?.payload);
      }
      const { title, body, link, sender, refuseLink, pushId } = NOTE;
      expect(payloads).toStrictEqual([
        {
          fcmV1Message: {
            message: {
              notification: { title, body },
              data: { link, pushId, sender, refuseLink },
              android: {
                priority: 'high',
                ttl: '3600s',
                collapse_key: pushId,
                notification: { tag: pushId },
              },
            },
          },
        },
        { aps: { alert: { title, body }, sound: 'default' }, link, pushId, sender, refuseLink },
      ]);
    });

    it('is rejected with the reason if its application is gone', async () => {
      const fcm = 'arn:aws:sns:us-east-1:000000000000:app/GCM/nowhere';
      expect(await snsPhonePush(client, { fcm }).register('fcm', 'token')).toEqual({
        kind: 'refused',
        reason: 'PlatformApplication does not exist',
      });
    });
  });
});

/** Responds with these one after the other, and counts the calls. */
async function scripted(...answers: readonly [status: number, body: string][]) {
  const actions: string[] = [];
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += String(chunk);
    actions.push(new URLSearchParams(form).get('Action') ?? '');
    const [status, body] = answers[actions.length - 1] ?? [500, ''];
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return { push: snsPhonePush(client, { fcm: 'arn:aws:sns:us-east-1:000000000000:app/GCM/a' }), actions };
}

const refusal = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}!</Message></Error></ErrorResponse>`;
const PUBLISHED =
  '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>';
const CREATED =
  '<CreatePlatformEndpointResponse><CreatePlatformEndpointResult><EndpointArn>arn:e</EndpointArn></CreatePlatformEndpointResult></CreatePlatformEndpointResponse>';
const ARN = 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/a/1';

describe('a failing push service', () => {
  it('is retried when throttled, but not for a push that it may have sent', async () => {
    const busy = await scripted([429, refusal('Throttled')], [400, refusal('Throttling')], [200, PUBLISHED]);
    expect(await busy.push.send(ARN, 'fcm', NOTE)).toEqual({ kind: 'sent', messageId: 'm-1' });
    expect(busy.actions).toHaveLength(3);
    for (const trouble of [
      [500, refusal('InternalError')],
      [0, ''],
    ] as const) {
      const broken = await scripted([...trouble], [200, PUBLISHED]);
      await expect(broken.push.send(ARN, 'fcm', NOTE)).rejects.toThrow();
      expect(broken.actions).toEqual(['Publish']);
    }
  });

  it('is retried for every idempotent operation', async () => {
    const { push, actions } = await scripted(
      [500, refusal('InternalError')],
      [200, CREATED],
      [0, ''],
      [200, '<SetEndpointAttributesResponse></SetEndpointAttributesResponse>'],
    );
    expect(await push.register('fcm', 'token')).toEqual({ kind: 'registered', endpointArn: 'arn:e' });
    expect(actions).toEqual([
      'CreatePlatformEndpoint',
      'CreatePlatformEndpoint',
      'SetEndpointAttributes',
      'SetEndpointAttributes',
    ]);
  });

  it('throws after the last attempt', async () => {
    const { push, actions } = await scripted();
    await expect(push.forget(ARN)).rejects.toThrow();
    expect(actions).toHaveLength(3);
    const denied = await scripted([403, refusal('AuthorizationError')]);
    await expect(denied.push.register('fcm', 'token')).rejects.toThrow('AuthorizationError!');
  });

  it('reports a disabled application as the reason', async () => {
    const { push } = await scripted([400, refusal('PlatformApplicationDisabled')]);
    expect(await push.send(ARN, 'fcm', NOTE)).toEqual({
      kind: 'refused',
      reason: 'PlatformApplicationDisabled!',
    });
  });
});
