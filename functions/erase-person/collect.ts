/**
 * What is known of a person, from everything that points at anything of theirs. Gathered before anything is deleted, and again
 * after the doors are closed, because it is the only list of what has to be searched for.
 */
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PhoneStore } from '#application/ports/phone-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import type { DeviceId, PersonId, VisitorId } from '#domain/chain/ids.ts';
import type { Link } from '#domain/people/customers/customer.ts';
import {
  mergeIdentifiers,
  type PartialIdentifiers,
  type PersonalIdentifiers,
} from '#domain/people/erasure/personal-identifiers.ts';
import { memberUserId } from '#domain/people/faces/face-user.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';

export interface CollectPorts {
  readonly people: Pick<PersonStore, 'links' | 'find'>;
  readonly phones: Pick<PhoneStore, 'get' | 'holderOf'>;
  readonly moments: Pick<PushDecisionStore, 'ofPerson'>;
  readonly faces: Pick<FaceStore, 'users' | 'allUsers'>;
  readonly index: Pick<FaceIndex, 'facesOfUser'>;
  readonly aliases: Pick<AliasStore, 'aliasesOf'>;
}

/** What is known of somebody, and what of it is somebody else's by now. */
export interface CollectedIdentifiers {
  readonly known: PersonalIdentifiers;
  /** Numbers that a person uses of whom nothing was known when they asked: no trace of theirs any more. */
  readonly anew: PartialIdentifiers;
}

/**
 * @param before what was known already; what once was a number of theirs may have rows that nothing else leads to
 * @param askedAtMs when they asked to be forgotten
 */
export async function collectIdentifiers(
  ports: CollectPorts,
  personId: PersonId,
  before: PartialIdentifiers,
  askedAtMs: number,
): Promise<CollectedIdentifiers> {
  let all = mergeIdentifiers({ person: [personId] }, before);
  const seen = new Set<string>();
  // Whoever is found to be them leads to more.
  for (;;) {
    const next = all.person.find((one) => !seen.has(one));
    if (next === undefined) break;
    seen.add(next);
    all = mergeIdentifiers(all, await ofPerson(ports, next as PersonId));
    all = mergeIdentifiers(all, { person: await comeBack(ports, all, askedAtMs) });
  }
  all = mergeIdentifiers(all, await bodiesOf(ports, all));
  return { known: all, anew: await usedAnew(ports, all) };
}

async function ofPerson(ports: CollectPorts, personId: PersonId): Promise<PartialIdentifiers> {
  const links = await ports.people.links(personId);
  const valuesOf = (kind: Link['kind']): string[] =>
    links.flatMap((link) => (link.kind === kind ? link.value : []));
  return {
    phone: valuesOf('phone'),
    member: valuesOf('member'),
    ...(await phonesOf(ports, personId, links)),
  };
}

/** Whoever has their numbers and is not among them. */
async function* othersWith({ people }: CollectPorts, all: PersonalIdentifiers) {
  for (const kind of ['phone', 'member'] as const)
    for (const value of all[kind]) {
      const owner = await people.find({ kind, value });
      if (owner !== undefined && !all.person.includes(owner)) yield { kind, value, owner };
    }
}

/**
 * People who are them again: made by what was on its way when they were taken away, a visit or a receipt from before they
 * asked, and known by nothing that is not theirs. Somebody with a number of their own is somebody else, and stays.
 */
async function comeBack(
  ports: CollectPorts,
  all: PersonalIdentifiers,
  askedAtMs: number,
): Promise<PersonId[]> {
  const found: PersonId[] = [];
  for await (const { owner } of othersWith(ports, all)) {
    const links = await ports.people.links(owner);
    const isThem = links.every(
      ({ kind, value, linkedAtMs }) => all[kind].includes(value) && linkedAtMs < askedAtMs,
    );
    if (isThem) found.push(owner);
  }
  return found;
}

async function usedAnew(ports: CollectPorts, all: PersonalIdentifiers): Promise<PartialIdentifiers> {
  const anew = { phone: [] as string[], member: [] as string[] };
  for await (const { kind, value } of othersWith(ports, all)) anew[kind].push(value);
  const user = usersOf(anew.member);
  return { ...anew, user, visitor: user.map(visitorOfUser) };
}

const usersOf = (members: readonly string[]): string[] =>
  members.flatMap((number) => memberUserId('member', number) ?? []);

/** The phones somebody carries, and what was sent to them. */
async function phonesOf(
  { phones, moments }: CollectPorts,
  personId: PersonId,
  links: readonly Link[],
): Promise<PartialIdentifiers> {
  const devices = new Set(links.flatMap(({ kind, value }) => (kind === 'device' ? value : [])));
  const token: string[] = [];
  for await (const { pk, sk } of moments.ofPerson(personId)) {
    const [kind, id = ''] = pk.split('#');
    if (kind === 'PHONE') devices.add(id);
    if (kind === 'LINK') token.push(id);
    if (kind === 'ENTERS') devices.add(sk.slice(sk.indexOf('#') + 1));
  }
  const key: string[] = [];
  const endpoints = new Set(links.flatMap(({ endpointArn }) => endpointArn ?? []));
  for (const deviceId of devices) {
    const phone = await phones.get(deviceId as DeviceId);
    if (phone?.personId !== personId) continue;
    key.push(phone.keyId);
    endpoints.add(phone.endpointArn);
  }
  const endpoint: string[] = [];
  for (const endpointArn of endpoints) {
    // A phone that was sold takes its endpoint along to whoever it is bound to now.
    const holder = await phones.holderOf(endpointArn);
    if (holder === undefined || devices.has(holder)) endpoint.push(endpointArn);
  }
  return { device: [...devices], key, endpoint, token };
}

/** By which faces somebody is known, and the visitors whom they proved to be. */
async function bodiesOf(
  { faces, index, aliases }: CollectPorts,
  { member, user }: PersonalIdentifiers,
): Promise<PartialIdentifiers> {
  const users = new Set([...usersOf(member), ...user]);
  if (users.size === 0) return {};
  const rows = await faces.users([...users]);
  if (rows.length > 0) for (const userId of await mergedInto(faces, users)) users.add(userId);

  const face = (await faces.users([...users])).flatMap(({ faceIds }) => faceIds);
  for (const userId of users) face.push(...(await index.facesOfUser(userId)));

  const visitors = new Set<VisitorId>([...users].map(visitorOfUser));
  // A set goes on with what is put into it meanwhile: whoever proved to be somebody who proved to be them.
  for (const visitorId of visitors)
    for (const alias of await aliases.aliasesOf(visitorId)) visitors.add(alias);
  return { user: [...users], visitor: [...visitors], face };
}

/** Users who proved to be one of these, perhaps by way of others. */
async function mergedInto(faces: CollectPorts['faces'], into: ReadonlySet<string>): Promise<Set<string>> {
  const from = new Map<string, string[]>();
  for await (const { userId, mergedInto } of faces.allUsers()) {
    if (mergedInto !== undefined) from.set(mergedInto, [...(from.get(mergedInto) ?? []), userId]);
  }
  const found = new Set(into);
  for (const userId of found) for (const merged of from.get(userId) ?? []) found.add(merged);
  return found;
}
