import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Phone } from '#application/ports/phone-store.ts';
import { keyOfHeader } from '#contracts/device-key.ts';
import type { PhoneRequest } from '#contracts/http/phones.ts';
import type { DeviceKey } from '#domain/chain/device-key.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { hasConsent } from '#domain/people/customers/consent.ts';
import { type RegisterPhonePorts, registerPhone } from '#functions/register-phone/register-phone.ts';
import { memoryPersonStore } from '../../support/memory-person-store.ts';
import { personOf } from '../../support/near-world.ts';

const NOW = Date.UTC(2026, 10, 22, 2);
const BODY: PhoneRequest = {
  member: 'M1',
  phone: '138 0013 8000',
  platform: 'fcm',
  pushToken: 'token-1',
  language: 'zh',
  consents: [{ purpose: 'location', granted: true, proof: 'terms 3', at: NOW - 5 }],
};

function world() {
  const people = memoryPersonStore();
  const keys: DeviceKey[] = [];
  const phones: Phone[] = [];
  let number = 0;
  const ports: RegisterPhonePorts = {
    people,
    phones: { put: async (phone) => void phones.push(phone) },
    devices: { put: async (key) => void keys.push(key) },
    push: {
      register: async (_, token) =>
        token === 'bad'
          ? { kind: 'refused', reason: 'Invalid token' }
          : { kind: 'registered', endpointArn: `arn:${token}` },
    },
    toE164: async (text) => (/^\d/.test(text) ? `+86${text.replaceAll(' ', '')}` : undefined),
    newPersonId: () => personOf(`new${++number}`),
    newDeviceId: () => `ph-${++number}` as DeviceId,
    randomBelow: (end) => (number * 7) % end,
    nowMs: () => NOW,
  };
  const register = (more: Partial<PhoneRequest> = {}) =>
    registerPhone(ports, { ...BODY, ...more }, 'app-server', 'https://api.example');
  return { people, keys, phones, register };
}
let { people, keys, phones, register } = world();
beforeEach(() => {
  ({ people, keys, phones, register } = world());
});

describe('a phone', () => {
  it('is linked to the customer of its member number and phone number, with a secret that is never stored', async () => {
    const registered = await register();
    if (registered.kind !== 'registered') throw new Error(registered.kind);
    const { deviceId, key, personId } = registered;
    for (const identifier of [
      { kind: 'member', value: 'M1' },
      { kind: 'phone', value: '+8613800138000' },
      { kind: 'device', value: deviceId },
    ] as const)
      expect(await people.find(identifier)).toBe(personId);
    const shown = keyOfHeader(`Bearer ${key}`);
    expect(keys).toEqual([
      {
        keyId: shown?.keyId,
        deviceId,
        kinds: ['positions'],
        secretHash: createHash('sha256')
          .update(shown?.secret ?? '')
          .digest('hex'),
        createdAtMs: NOW,
      },
    ]);
    expect(phones).toMatchObject([
      { deviceId, personId, endpointArn: 'arn:token-1', linkBase: 'https://api.example' },
    ]);
    expect(JSON.stringify([keys, phones, await people.load(personId)])).not.toContain(shown?.secret);
    expect(hasConsent(await people.consents(personId), 'location', NOW)).toBe(true);
    expect(hasConsent(await people.consents(personId), 'push', NOW)).toBe(false);
  });

  it('may be the second phone of a known customer, who gains its number', async () => {
    const first = await register({ phone: undefined as never });
    const second = await register({ pushToken: 'token-2' });
    if (first.kind !== 'registered' || second.kind !== 'registered') throw new Error('refused');
    expect(second.personId).toBe(first.personId);
    expect(second.deviceId).not.toBe(first.deviceId);
  });

  it('is rejected where member number and phone number belong to two customers, and changes neither', async () => {
    await register({ member: 'M1', phone: undefined as never });
    await register({ member: 'M2' });
    expect(await register({ member: 'M1' })).toEqual({ kind: 'identity conflict' });
    expect(keys).toHaveLength(2);
  });

  it('is rejected with an invalid number, or a token that the push service rejects', async () => {
    expect(await register({ phone: 'hello' })).toEqual({ kind: 'invalid number' });
    expect(await register({ pushToken: 'bad' })).toEqual({ kind: 'push rejected', reason: 'Invalid token' });
    expect(keys).toEqual([]);
    expect(phones).toEqual([]);
  });

  it('dates consents no later than now, so that a later withdrawal always wins', async () => {
    const registered = await register({
      consents: [{ purpose: 'push', granted: true, proof: 'terms', at: NOW + 86_400_000 }],
    });
    if (registered.kind !== 'registered') throw new Error(registered.kind);
    expect(await people.consents(registered.personId)).toMatchObject([{ purpose: 'push', atMs: NOW }]);
  });
});
