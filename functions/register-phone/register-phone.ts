/**
 * Links a phone to a customer: registers it with the push service, records its owner's consents and issues a credential.
 * The chain's app server names the owner, because customers sign in there.
 */
import { createHash } from 'node:crypto';
import type { DeviceStore } from '#application/ports/device-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhonePush } from '#application/ports/phone-push.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import { formatKey, newKey } from '#contracts/device-key.ts';
import type { PhoneRequest } from '#contracts/http/phones.ts';
import type { DeviceId, PersonId } from '#domain/chain/ids.ts';
import { statedConsent } from '#domain/people/customers/consent.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { memberNumberFault } from '#domain/people/customers/member-number.ts';
import { isOverused } from '#domain/people/customers/overuse.ts';

export interface RegisterPhonePorts {
  readonly people: Pick<PersonStore, 'find' | 'bind' | 'link' | 'load' | 'addConsent' | 'addDoubt'>;
  readonly phones: Pick<PhoneStore, 'put'>;
  readonly devices: Pick<DeviceStore, 'put'>;
  readonly push: Pick<PhonePush, 'register'>;
  /** Returns a dialled number in E.164; undefined where it is not valid. */
  readonly toE164: (phone: string) => Promise<string | undefined>;
  readonly newPersonId: () => PersonId;
  readonly newDeviceId: () => DeviceId;
  /** Returns an unpredictable number from 0 to below its argument. */
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
  | { readonly kind: 'invalid number' }
  /** A placeholder, or what a spreadsheet has left of a number. */
  | { readonly kind: 'invalid member number' }
  /** The phone number has the purchases of many customers, who would all become this one. */
  | { readonly kind: 'shared number' }
  /** The member number and the phone number belong to different customers, who are proposed for merging. */
  | { readonly kind: 'identity conflict' }
  | { readonly kind: 'push rejected'; readonly reason: string };

/**
 * Registers a phone; creates the customer where neither of their numbers is known.
 *
 * @param author the device that registers the phone
 * @param linkBase scheme and host of the links in its pushes: those of this API as the app uses it
 */
export async function registerPhone(
  ports: RegisterPhonePorts,
  body: PhoneRequest,
  author: string,
  linkBase: string,
): Promise<Registered> {
  const { people, phones, devices, push } = ports;
  const nowMs = ports.nowMs();
  const found = await identify(ports, body, nowMs);
  if (found.kind !== 'identified') return found;
  const { identifiers } = found;

  const deviceId = ports.newDeviceId();
  const registered = await push.register(body.platform, body.pushToken);
  if (registered.kind === 'refused') return { kind: 'push rejected', reason: registered.reason };

  const link = { source: 'app', evidence: 'signed in', confidence: 1, linkedAtMs: nowMs, author };
  let personId = found.owner;
  for (const identifier of identifiers) {
    if (personId === undefined) personId = await people.bind(identifier, link, ports.newPersonId());
    else if ((await people.link(personId, { ...identifier, ...link })).kind !== 'linked')
      return { kind: 'identity conflict' };
  }
  if (personId === undefined) throw new Error('a phone has neither member number nor phone number');
  await people.link(personId, {
    kind: 'device',
    value: deviceId,
    ...link,
    platform: body.platform,
    endpointArn: registered.endpointArn,
  });
  for (const { purpose, granted, proof, at } of body.consents) {
    const decision = { purpose, isGranted: granted, proof, source: 'app' };
    const times = { clock: author, statedAtMs: at, receivedAtMs: nowMs };
    await people.addConsent(personId, statedConsent(decision, times));
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
  // The credential last: it must not be valid before the phone has an owner.
  await devices.put({
    keyId,
    deviceId,
    kinds: ['positions'],
    secretHash: createHash('sha256').update(secret).digest('hex'),
    createdAtMs: nowMs,
  });
  return { kind: 'registered', deviceId, key: formatKey({ keyId, secret }), personId };
}

type Identified =
  | { readonly kind: 'identified'; readonly identifiers: Identifier[]; readonly owner: PersonId | undefined }
  | Exclude<Registered, { kind: 'registered' | 'push rejected' }>;

/** Returns the numbers of a request and their owner, or why they name no single customer. */
async function identify(
  { people, toE164 }: RegisterPhonePorts,
  { member, phone }: PhoneRequest,
  nowMs: number,
): Promise<Identified> {
  const identifiers: Identifier[] = [];
  if (member !== undefined) {
    if (memberNumberFault(member) !== undefined) return { kind: 'invalid member number' };
    identifiers.push({ kind: 'member', value: member });
  }
  if (phone !== undefined) {
    const value = await toE164(phone);
    if (value === undefined) return { kind: 'invalid number' };
    identifiers.push({ kind: 'phone', value });
  }
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  const [owner, other] = new Set(owners.filter((one) => one !== undefined));
  if (owner !== undefined && other !== undefined) {
    // Their sign-in is evidence that the two are one person; staff decide.
    const evidence = { kind: 'phone', source: 'app', evidence: 'signed in', atMs: nowMs } as const;
    await people.addDoubt(owner, { other, ...evidence });
    return { kind: 'identity conflict' };
  }
  if (owner !== undefined && phone !== undefined && (await isShared(people, owner)))
    return { kind: 'shared number' };
  return { kind: 'identified', identifiers, owner };
}

/** Returns whether the owner of a phone number is no customer, but all for whom a cashier typed the number. */
async function isShared(people: Pick<PersonStore, 'load'>, owner: PersonId): Promise<boolean> {
  const person = await people.load(owner);
  const isKnown = person?.links.some(({ kind }) => kind !== 'phone') ?? true;
  return !isKnown && isOverused(person?.purchases ?? []);
}
