/**
 * Collects a person's identifiers from all rows that link to them. They are collected before anything is deleted, and again
 * after access is revoked, because they are the only list of what the search has to look for.
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
  readonly people: Pick<PersonStore, 'links' | 'find' | 'idsOf'>;
  readonly phones: Pick<PhoneStore, 'get' | 'holderOf'>;
  readonly pushDecisions: Pick<PushDecisionStore, 'ofPerson'>;
  readonly faces: Pick<FaceStore, 'users' | 'allUsers'>;
  readonly index: Pick<FaceIndex, 'facesOfUser'>;
  readonly aliases: Pick<AliasStore, 'aliasesOf'>;
}

/** The identifiers of a person, and those of them that belong to another person by now. */
export interface CollectedIdentifiers {
  readonly all: PersonalIdentifiers;
  /** Numbers in use by a person created after the request: not a trace of the erased person any more. */
  readonly reused: PartialIdentifiers;
}

/**
 * Collects the identifiers of a person.
 *
 * @param before the identifiers collected earlier; a former number may have rows that no other link leads to
 * @param requestedAtMs when the erasure was requested
 */
export async function collectIdentifiers(
  ports: CollectPorts,
  personId: PersonId,
  before: PartialIdentifiers,
  requestedAtMs: number,
): Promise<CollectedIdentifiers> {
  let all = mergeIdentifiers({ person: [personId] }, before);
  const seen = new Set<string>();
  // Each person found to be the same one may link to further identifiers.
  for (;;) {
    const next = all.person.find((one) => !seen.has(one));
    if (next === undefined) break;
    seen.add(next);
    all = mergeIdentifiers(all, await ofPerson(ports, next as PersonId));
    all = mergeIdentifiers(all, { person: await recreatedPeople(ports, all, requestedAtMs) });
  }
  all = mergeIdentifiers(all, await facesOf(ports, all));
  return { all, reused: await reusedNumbers(ports, all) };
}

async function ofPerson(ports: CollectPorts, personId: PersonId): Promise<PartialIdentifiers> {
  const links = await ports.people.links(personId);
  const valuesOf = (kind: Link['kind']): string[] =>
    links.flatMap((link) => (link.kind === kind ? link.value : []));
  return {
    person: await ports.people.idsOf(personId),
    phone: valuesOf('phone'),
    member: valuesOf('member'),
    ...(await phonesOf(ports, personId, links)),
  };
}

/** Yields the other persons who have one of these numbers. */
async function* othersWith({ people }: CollectPorts, all: PersonalIdentifiers) {
  for (const kind of ['phone', 'member'] as const)
    for (const value of all[kind]) {
      const owner = await people.find({ kind, value });
      if (owner !== undefined && !all.person.includes(owner)) yield { kind, value, owner };
    }
}

/**
 * Returns persons that an event in flight has created again: from a visit or a receipt before the request, and linked only to
 * identifiers of the erased person. A person with any other number is a different one, and stays.
 */
async function recreatedPeople(
  ports: CollectPorts,
  all: PersonalIdentifiers,
  requestedAtMs: number,
): Promise<PersonId[]> {
  const recreated: PersonId[] = [];
  for await (const { owner } of othersWith(ports, all)) {
    const links = await ports.people.links(owner);
    const isSamePerson = links.every(
      ({ kind, value, linkedAtMs }) => all[kind].includes(value) && linkedAtMs < requestedAtMs,
    );
    if (isSamePerson) recreated.push(owner);
  }
  return recreated;
}

async function reusedNumbers(ports: CollectPorts, all: PersonalIdentifiers): Promise<PartialIdentifiers> {
  const reused = { phone: [] as string[], member: [] as string[] };
  for await (const { kind, value } of othersWith(ports, all)) reused[kind].push(value);
  const user = usersOf(reused.member);
  return { ...reused, user, visitor: user.map(visitorOfUser) };
}

const usersOf = (members: readonly string[]): string[] =>
  members.flatMap((number) => memberUserId('member', number) ?? []);

/** Returns a person's phones, their keys and endpoints, and the tokens of the pushes sent to them. */
async function phonesOf(
  { phones, pushDecisions }: CollectPorts,
  personId: PersonId,
  links: readonly Link[],
): Promise<PartialIdentifiers> {
  const devices = new Set(links.flatMap(({ kind, value }) => (kind === 'device' ? value : [])));
  const token: string[] = [];
  for await (const { pk, sk } of pushDecisions.ofPerson(personId)) {
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
    // The endpoint of a phone that was sold belongs to its new owner.
    const holder = await phones.holderOf(endpointArn);
    if (holder === undefined || devices.has(holder)) endpoint.push(endpointArn);
  }
  return { device: [...devices], key, endpoint, token };
}

/** Returns a person's face users and faces, and the visitors that were merged into them. */
async function facesOf(
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
  // The loop also visits the ids that it adds, so chains of aliases are followed to their ends.
  for (const visitorId of visitors)
    for (const alias of await aliases.aliasesOf(visitorId)) visitors.add(alias);
  return { user: [...users], visitor: [...visitors], face };
}

/** Returns these users and all that were merged into them, directly or by way of others. */
async function mergedInto(faces: CollectPorts['faces'], into: ReadonlySet<string>): Promise<Set<string>> {
  const from = new Map<string, string[]>();
  for await (const { userId, mergedInto } of faces.allUsers()) {
    if (mergedInto !== undefined) from.set(mergedInto, [...(from.get(mergedInto) ?? []), userId]);
  }
  const all = new Set(into);
  for (const userId of all) for (const merged of from.get(userId) ?? []) all.add(merged);
  return all;
}
