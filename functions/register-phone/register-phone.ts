/**
 * Binds a phone to somebody: the push service gets to know it, its owner's consents are written down, and it is given a
 * credential of its own. The chain's app server says whose it is, because that is where people sign in.
 */
import { createHash } from 'node:crypto';
import type { DeviceStore } from '#application/ports/device-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhonePush } from '#application/ports/phone-push.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import { formatKey, newKey } from '#contracts/device-key.ts';
import type { PhoneRequest } from '#contracts/http/phones.ts';
import type { DeviceId, PersonId } from '#domain/chain/ids.ts';
import type { Consent } from '#domain/people/customers/consent.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';

export interface RegisterPhonePorts {
  readonly people: Pick<PersonStore, 'find' | 'bind' | 'link' | 'addConsent'>;
  readonly phones: Pick<PhoneStore, 'put'>;
  readonly devices: Pick<DeviceStore, 'put'>;
  readonly push: Pick<PhonePush, 'register'>;
  /** A number as people dial it in E.164; undefined where it is none. */
  readonly toE164: (phone: string) => Promise<string | undefined>;
  readonly newPersonId: () => PersonId;
  readonly newDeviceId: () => DeviceId;
  /** From 0 to below its argument, from a source nobody can foresee. */
  readonly randomBelow: (end: number) => number;
  readonly nowMs: () => number;
}

export type Registered =
  | {
      readonly kind: 'registered';
      readonly deviceId: DeviceId;
      readonly key: string;
      readonly personId: PersonId;
    }
  | { readonly kind: 'no such number' }
  /** Member number and phone number are two people's. */
  | { readonly kind: 'two people' }
  | { readonly kind: 'push refused'; readonly why: string };

/** @param linkBase where links of its pushes shall lead: scheme and host of this API as the app knows it. */
export async function registerPhone(
  ports: RegisterPhonePorts,
  body: PhoneRequest,
  author: string,
  linkBase: string,
): Promise<Registered> {
  const { people, phones, devices, push } = ports;
  const nowMs = ports.nowMs();
  const identifiers: Identifier[] = [];
  if (body.member !== undefined) identifiers.push({ kind: 'member', value: body.member });
  if (body.phone !== undefined) {
    const value = await ports.toE164(body.phone);
    if (value === undefined) return { kind: 'no such number' };
    identifiers.push({ kind: 'phone', value });
  }
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  if (new Set(owners.filter((owner) => owner !== undefined)).size > 1) return { kind: 'two people' };

  const deviceId = ports.newDeviceId();
  const registered = await push.register(body.platform, body.pushToken);
  if (registered.kind === 'refused') return { kind: 'push refused', why: registered.reason };

  const link = { source: 'app', evidence: 'signed in', confidence: 1, linkedAtMs: nowMs, author };
  let personId = owners.find((owner) => owner !== undefined);
  for (const identifier of identifiers) {
    if (personId === undefined) personId = await people.bind(identifier, link, ports.newPersonId());
    else if ((await people.link(personId, { ...identifier, ...link })).kind !== 'linked')
      return { kind: 'two people' };
  }
  if (personId === undefined) throw new Error('a phone came with neither member nor phone number');
  await people.link(personId, {
    kind: 'device',
    value: deviceId,
    ...link,
    platform: body.platform,
    endpointArn: registered.endpointArn,
  });
  for (const consent of body.consents) {
    await people.addConsent(personId, consentOf(consent, nowMs));
  }
  const { keyId, secret } = newKey(ports.randomBelow);
  await phones.put({
    deviceId,
    personId,
    keyId,
    platform: body.platform,
    endpointArn: registered.endpointArn,
    language: body.language,
    linkBase,
    boundAtMs: nowMs,
  });
  // The credential last: it opens nothing before there is somebody behind it.
  await devices.put({
    keyId,
    deviceId,
    kinds: ['positions'],
    secretHash: createHash('sha256').update(secret).digest('hex'),
    createdAtMs: nowMs,
  });
  return { kind: 'registered', deviceId, key: formatKey({ keyId, secret }), personId };
}

/** A consent from tomorrow would outlive a withdrawal of today, so none is later than now. */
const consentOf = (
  { purpose, granted, proof, at }: PhoneRequest['consents'][number],
  nowMs: number,
): Consent => ({ purpose, isGranted: granted, proof, source: 'app', atMs: Math.min(at, nowMs) });
