/**
 * A push service in memory. It records the notes of each phone and rejects like the real one: invalid tokens, notes that are
 * too large, phones without the app.
 */
import { messageOf } from '#adapters/push/payloads.ts';
import type { PhonePush, PushNote, PushPlatform } from '#application/ports/phone-push.ts';

export interface MemoryPhonePush extends PhonePush {
  /** The notes sent to a phone, oldest first. */
  received(endpointArn: string): readonly PushNote[];
  userDataOf(endpointArn: string): string | undefined;
  /** Uninstalls the app from the phone. */
  uninstall(endpointArn: string): void;
}

interface Kept {
  readonly platform: PushPlatform;
  readonly token: string;
  readonly notes: PushNote[];
  userData: string;
  isEnabled: boolean;
}

const PAYLOAD_BYTES_MAX = 4096;
const APNS_TOKEN = /^[0-9a-f]{1,400}$/i;

export function memoryPhonePush(platforms: readonly PushPlatform[] = ['fcm', 'apns']): MemoryPhonePush {
  const endpoints = new Map<string, Kept>();
  let made = 0;
  let sent = 0;
  return {
    async register(platform, token, userData = '') {
      if (!platforms.includes(platform)) {
        return { kind: 'refused', reason: `pushes over ${platform} are not set up` };
      }
      if (token === '' || (platform === 'apns' && !APNS_TOKEN.test(token))) {
        return { kind: 'refused', reason: 'Invalid parameter: Token' };
      }
      const known = [...endpoints].find(([, one]) => one.platform === platform && one.token === token);
      if (known !== undefined) {
        Object.assign(known[1], { userData, isEnabled: true });
        return { kind: 'registered', endpointArn: known[0] };
      }
      const endpointArn = `arn:memory:endpoint/${platform}/${++made}`;
      endpoints.set(endpointArn, { platform, token, userData, isEnabled: true, notes: [] });
      return { kind: 'registered', endpointArn };
    },
    async send(endpointArn, platform, note) {
      const endpoint = endpoints.get(endpointArn);
      if (endpoint === undefined || !endpoint.isEnabled) return { kind: 'gone' };
      const { GCM, APNS } = JSON.parse(messageOf(platform, note).message) as { GCM?: string; APNS?: string };
      if (Buffer.byteLength(GCM ?? APNS ?? '') > PAYLOAD_BYTES_MAX) {
        return { kind: 'refused', reason: 'Invalid parameter: Message' };
      }
      endpoint.notes.push(note);
      return { kind: 'sent', messageId: `m-${++sent}` };
    },
    forget: async (endpointArn) => void endpoints.delete(endpointArn),
    received: (endpointArn) => endpoints.get(endpointArn)?.notes ?? [],
    userDataOf: (endpointArn) => endpoints.get(endpointArn)?.userData,
    uninstall(endpointArn) {
      const endpoint = endpoints.get(endpointArn);
      if (endpoint !== undefined) endpoint.isEnabled = false;
    },
  };
}
