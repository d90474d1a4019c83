/** What every way of pushing to phones promises. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PhonePush, PushNote, PushPlatform } from '#application/ports/phone-push.ts';

/** What of a note a phone can know. */
export type ShownNote = Pick<PushNote, 'title' | 'body' | 'link' | 'pushId'>;

export interface PhonePushUnderTest {
  readonly push: PhonePush;
  /** What a phone was sent, the oldest first. */
  readonly received: (endpointArn: string) => Promise<readonly ShownNote[]>;
  readonly userDataOf: (endpointArn: string) => Promise<string | undefined>;
  /** The app is taken off the phone. */
  readonly uninstall: (endpointArn: string) => Promise<void>;
  /** The same service, where nobody has set this platform up. */
  readonly without: (platform: PushPlatform) => PhonePush;
}

export const NOTE: PushNote = {
  title: 'Earphones 耳机',
  body: '20 % off until eight, two minutes from here. “今天” & <more>',
  link: 'https://aisle.example/c/ABCDEFGHIJKLMNOPQRSTUV',
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

    it('reach the phone with title, body, link and id as they were written', async () => {
      const phone = await register();
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'sent', messageId: expect.any(String) });
      const { title, body, link, pushId } = NOTE;
      expect(await under.received(phone)).toEqual([{ title, body, link, pushId }]);
    });

    it('reach the phone they are for, and no other', async () => {
      const [one, other] = [await register(), await register(`${TOKENS[platform].slice(0, -1)}f`)];
      expect(other).not.toBe(one);
      await push.send(other, platform, NOTE);
      expect(await under.received(one)).toEqual([]);
    });

    it('find a phone under the same name however often its app registers', async () => {
      const phone = await register(undefined, 'd.1');
      expect(await register(undefined, 'd.1')).toBe(phone);
      expect(await under.userDataOf(phone)).toBe('d.1');
    });

    it('know of a phone only what its last owner’s app said', async () => {
      const phone = await register(undefined, 'd.1');
      expect(await register(undefined, 'd.2')).toBe(phone);
      expect(await under.userDataOf(phone)).toBe('d.2');
      expect(await register()).toBe(phone);
      expect((await under.userDataOf(phone)) ?? '').toBe('');
    });

    it('tell that the app is gone, until it registers again', async () => {
      const phone = await register();
      await under.uninstall(phone);
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'gone' });
      expect(await register()).toBe(phone);
      expect(await push.send(phone, platform, NOTE)).toMatchObject({ kind: 'sent' });
    });

    it('forget a phone, again without harm, and its token makes another', async () => {
      const phone = await register();
      await push.send(phone, platform, NOTE);
      await push.forget(phone);
      await push.forget(phone);
      expect(await push.send(phone, platform, NOTE)).toEqual({ kind: 'gone' });
      expect(await under.received(phone)).toEqual([]);
      expect(await register()).not.toBe(phone);
    });

    it('refuse a note that is too large for a phone, and take one that nearly is', async () => {
      const phone = await register();
      const large = { ...NOTE, body: '店'.repeat(1_400) };
      expect(await push.send(phone, platform, large)).toMatchObject({ kind: 'refused' });
      expect(await push.send(phone, platform, { ...NOTE, body: '店'.repeat(1_200) })).toMatchObject({
        kind: 'sent',
      });
    });

    it('refuse a token that is none, and do not repeat it', async () => {
      expect(await push.register(platform, '')).toMatchObject({ kind: 'refused' });
      if (platform === 'fcm') return;
      const registered = await push.register(platform, 'no-hexadecimal-token');
      expect(registered).toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(registered)).not.toContain('no-hexadecimal-token');
    });

    it('refuse phones of a platform that is not set up', async () => {
      expect(await under.without(platform).register(platform, TOKENS[platform])).toEqual({
        kind: 'refused',
        reason: `pushes over ${platform} are not set up`,
      });
    });
  });
}
