/** Contract of every push service. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PhonePush, PushNote, PushPlatform } from '#application/ports/phone-push.ts';

/** The parts of a note that reach a phone. */
export type ShownNote = Pick<PushNote, 'title' | 'body' | 'link' | 'sender' | 'refuseLink' | 'pushId'>;

export interface PhonePushUnderTest {
  readonly push: PhonePush;
  /** The notes sent to a phone, oldest first. */
  readonly received: (endpointArn: string) => Promise<readonly ShownNote[]>;
  readonly userDataOf: (endpointArn: string) => Promise<string | undefined>;
  /** Uninstalls the app from the phone. */
  readonly uninstall: (endpointArn: string) => Promise<void>;
  /** The same service without this platform. */
  readonly without: (platform: PushPlatform) => PhonePush;
}

export const NOTE: PushNote = {
  title: 'Earphones 耳机',
  body: '20 % off until eight, two minutes from here. “今天” & <more>',
  link: 'https://aisle.example/c/ABCDEFGHIJKLMNOPQRSTUV',
  sender: 'Demo Electronics',
  refuseLink: 'https://aisle.example/c/ABCDEFGHIJKLMNOPQRSTUV/refuse',
  pushId: 'ABCDEFGHIJKLMNOPQRSTUV',
  ttlSeconds: 3600,
};

const TOKENS = { fcm: 'fcm-token:APA91b_x-y', apns: 'ab12'.repeat(16) } as const;

export function describePhonePush(name: string, create: () => Promise<PhonePushUnderTest>): void {
  describe.each(['fcm', 'apns'] as const)(`pushes: ${name}, %s`, (platform) => {
    let under: PhonePushUnderTest;
    let push: PhonePush;
    beforeEach(async () => {
      under = await create();
      push = under.push;
    });

    async function register(token: string = TOKENS[platform], userData?: string): Promise<string> {
      const registered = await push.register(platform, token, userData);
      if (registered.kind === 'refused') throw new Error(registered.reason);
      return registered.endpointArn;
    }

    it('reach the phone with title, body, link, sender, link to refuse and id as they were written (LAW sender)', async () => {
      const phone = await register();
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'sent', messageId: expect.any(String) });
      const { ttlSeconds: _, ...shown } = NOTE;
      expect(await under.received(phone)).toEqual([shown]);
    });

    it('reach the intended phone, and no other', async () => {
      const [one, other] = [await register(), await register(`${TOKENS[platform].slice(0, -1)}f`)];
      expect(other).not.toBe(one);
      await push.send(other, platform, NOTE);
      expect(await under.received(one)).toEqual([]);
    });

    it('return the same endpoint however often an app registers', async () => {
      const phone = await register(undefined, 'd.1');
      expect(await register(undefined, 'd.1')).toBe(phone);
      expect(await under.userDataOf(phone)).toBe('d.1');
    });

    it('keep only the attributes of the last registration', async () => {
      const phone = await register(undefined, 'd.1');
      expect(await register(undefined, 'd.2')).toBe(phone);
      expect(await under.userDataOf(phone)).toBe('d.2');
      expect(await register()).toBe(phone);
      expect((await under.userDataOf(phone)) ?? '').toBe('');
    });

    it('report that the app is gone, until it registers again', async () => {
      const phone = await register();
      await under.uninstall(phone);
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'gone' });
      expect(await register()).toBe(phone);
      expect(await push.send(phone, platform, NOTE)).toMatchObject({ kind: 'sent' });
    });

    it('delete an endpoint idempotently, and create another for the same token', async () => {
      const phone = await register();
      await push.send(phone, platform, NOTE);
      await push.forget(phone);
      await push.forget(phone);
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'gone' });
      expect(await under.received(phone)).toEqual([]);
      expect(await register()).not.toBe(phone);
    });

    it('reject a note that is too large, and accept one just below the limit', async () => {
      const phone = await register();
      const large = { ...NOTE, body: '店'.repeat(1_400) };
      expect(await push.send(phone, platform, large)).toMatchObject({ kind: 'refused' });
      expect(await push.send(phone, platform, { ...NOTE, body: '店'.repeat(1_200) })).toMatchObject({
        kind: 'sent',
      });
    });

    it('reject an invalid token without repeating it', async () => {
      expect(await push.register(platform, '')).toMatchObject({ kind: 'refused' });
      if (platform === 'fcm') return;
      const registered = await push.register(platform, 'no-hexadecimal-token');
      expect(registered).toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(registered)).not.toContain('no-hexadecimal-token');
    });

    it('reject phones of a platform that is not set up', async () => {
      expect(await under.without(platform).register(platform, TOKENS[platform])).toEqual({
        kind: 'refused',
        reason: `pushes over ${platform} are not set up`,
      });
    });
  });
}
