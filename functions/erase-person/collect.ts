/**
 * What is known of a person, from everything that points at anything of theirs. Gathered before anything is deleted, and again
 * after the doors are closed, because it is the only list of what has to be searched for.
 */
import type { AliasStore } from '#adapters/dynamodb/alias-store.ts';
import type { FaceStore } from '#adapters/dynamodb/face-store.ts';
import type { MomentStore } from '#adapters/dynamodb/moment-store.ts';
import type { PersonStore } from '#adapters/dynamodb/person-store.ts';
import type { PhoneStore } from '#adapters/dynamodb/phone-store.ts';
import type { FaceIndex } from '#adapters/rekognition/face-index.ts';
import type { DeviceId, PersonId, VisitorId } from '#domain/chain/ids.ts';
import type { Traces } from '#domain/people/erasure.ts';
import type { Link } from '#domain/people/person.ts';
import { userOfNumber } from '#domain/people/user.ts';
import { userVisitor } from '#domain/place/sighting.ts';

export interface CollectPorts {
  readonly people: Pick<PersonStore, 'links'>;
  readonly phones: Pick<PhoneStore, 'get' | 'holderOf'>;
  readonly moments: Pick<MomentStore, 'ofPerson'>;
  readonly faces: Pick<FaceStore, 'users' | 'allUsers'>;
  readonly index: Pick<FaceIndex, 'facesOfUser'>;
  readonly aliases: Pick<AliasStore, 'aliasesOf'>;
}

/** @param before what was known already; what once was a number of theirs may have rows that nothing else leads to */
export async function collect(ports: CollectPorts, personId: PersonId, before: Traces): Promise<Traces> {
  const links = await ports.people.links(personId);
  const valuesOf = (kind: Link['kind']): string[] =>
    links.flatMap((link) => (link.kind === kind ? link.value : []));
  const member = [...new Set([...valuesOf('member'), ...(before.member ?? [])])];
  return {
    person: [personId],
    phone: valuesOf('phone'),
    member,
    ...(await phonesOf(ports, personId, links)),
    ...(await bodiesOf(ports, member, before)),
  };
}

/** The phones somebody carries, and what was sent to them. */
async function phonesOf(
  { phones, moments }: CollectPorts,
  personId: PersonId,
  links: readonly Link[],
): Promise<Traces> {
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
  members: readonly string[],
  before: Traces,
): Promise<Traces> {
  const own = members.flatMap((number) => userOfNumber('member', number) ?? []);
  const users = new Set([...own, ...(before.user ?? [])]);
  if (users.size === 0) return {};
  const rows = await faces.users([...users]);
  if (rows.length > 0) for (const userId of await mergedInto(faces, users)) users.add(userId);

  const face = (await faces.users([...users])).flatMap(({ faceIds }) => faceIds);
  for (const userId of users) face.push(...(await index.facesOfUser(userId)));

  const visitors = new Set<VisitorId>([...users].map(userVisitor));
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
