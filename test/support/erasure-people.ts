/** Two customers and all rows of a year of shopping, written by the product's own stores. */
import { eventName } from '#contracts/events/envelope.ts';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { receiptClosed, receiptName } from '#contracts/events/receipt-closed.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import { NO_PUSHES } from '#domain/campaigns/push-decision.ts';
import type { CampaignId, DeviceId, PersonId, ReceiptNo, VisitorId } from '#domain/chain/ids.ts';
import { purchaseOf } from '#domain/people/customers/purchase.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import { withParts } from '#domain/place/visits/visitor-day.ts';
import { factOf } from '#functions/count-events/fact-of-event.ts';
import { mergeUsers } from '#functions/purge-faces/merge-users.ts';
import { sequenceAt } from './arbitraries.ts';
import { november, SZ01 } from './chain.ts';
import type { ErasureWorld } from './erasure-world.ts';
import { memoryLog } from './memory-log.ts';
import { consentOf, linkEvidence, personAt } from './people.ts';
import { receiptOf, shanghai } from './receipts.ts';
import { scriptedJpeg } from './scripted-jpeg.ts';
import { held, keyOf, minute, sightingOf, stayOf } from './sightings.ts';

export interface Customer {
  readonly name: string;
  readonly personId: PersonId;
  readonly phone: string;
  readonly member: string;
  readonly device: DeviceId;
  readonly keyId: string;
  readonly pushToken: string;
  readonly tokens: readonly [string, string];
  /** The visitor id before the visitor was linked to the member. */
  readonly stranger: string;
  /** The direction of the customer's face. */
  readonly angle: number;
  /** The sequence numbers of the customer's events. */
  readonly place: number;
}

const padded = (place: number, length: number, fill: string): string => String(place).padStart(length, fill);

/** The n-th customer; all are alike in everything but their identifiers. */
export const shopper = (place: number): Customer => ({
  name: `S${place}`,
  personId: personAt(place),
  phone: `+86138001${padded(place, 5, '0')}`,
  member: `VIP-80${padded(place, 3, '0')}`,
  device: `ph-${padded(place, 32, 'a')}` as DeviceId,
  keyId: padded(place, 12, 'K'),
  pushToken: `push-token-${padded(place, 8, 'p')}`,
  tokens: [`${padded(place, 21, 'T')}1`, `${padded(place, 21, 'T')}2`],
  stranger: `v.${padded(place, 16, 'c')}`,
  angle: place * 10,
  place: place * 1_000,
});

export const CAMPAIGNS = ['autumn', 'winter'] as const;
export const DAY = november(22);
const STORE = SZ01.storeId;

export const visitorOf = ({ member }: Customer): VisitorId => visitorOfUser(`m.${member}`);

/** Returns every text that identifies a customer, from their definition alone. */
export const identifiersOf = (one: Customer): string[] => [
  ...[one.personId, one.phone, one.phone.slice(1), one.phone.slice(3), one.member, one.device, one.keyId],
  ...[one.pushToken, ...one.tokens, one.stranger],
];

/** Writes everything of one customer. */
export async function fill(world: ErasureWorld, one: Customer): Promise<void> {
  await fillPerson(world, one);
  await fillPushes(world, one);
  await fillFaces(world, one);
  await fillFacts(world, one);
  await fillLetters(world, one);
}

async function fillPerson({ stores }: ErasureWorld, one: Customer): Promise<void> {
  const { people, phones, devices, push, tracker } = stores;
  const { personId, device, keyId } = one;
  const registered = await push.register('fcm', one.pushToken);
  if (registered.kind !== 'registered') throw new Error(registered.reason);
  const { endpointArn } = registered;
  await people.bind({ kind: 'member', value: one.member }, linkEvidence(), personId);
  await people.link(personId, { kind: 'phone', value: one.phone, ...linkEvidence() });
  await people.link(personId, {
    kind: 'device',
    value: device,
    ...linkEvidence(),
    platform: 'fcm',
    endpointArn,
  });
  await people.addConsent(personId, consentOf());
  await people.addConsent(personId, consentOf({ purpose: 'location', proof: `record of ${one.member}` }));
  await phones.put({
    deviceId: device,
    personId,
    keyId,
    platform: 'fcm',
    endpointArn,
    language: 'zh',
    linkBase: 'https://api',
    boundAtMs: minute(0),
  });
  await devices.put({
    keyId,
    deviceId: device,
    kinds: ['positions'],
    secretHash: 'ab'.repeat(32),
    createdAtMs: minute(0),
  });
  for (const at of [0, 1]) {
    await tracker.update([{ deviceId: device, lng: 114, lat: 22.5 + at / 10, sampledAtMs: minute(at) }]);
  }
}

async function fillPushes({ stores }: ErasureWorld, one: Customer): Promise<void> {
  const { pushDecisions, push } = stores;
  const { personId, device: deviceId } = one;
  await pushDecisions.savePushHistory(
    personId,
    NO_PUSHES,
    (await pushDecisions.pushHistory(personId)).version,
    minute(9),
  );
  for (const [at, token] of one.tokens.entries()) {
    const campaignId = CAMPAIGNS[at] as CampaignId;
    const sampleAtMs = minute(10 + at);
    const decision = {
      decisionId: `${campaignId}~${STORE}~${personId}~${sampleAtMs}`,
      campaignId,
      storeId: STORE,
      personId,
      deviceId,
      sampleAtMs,
      atMs: sampleAtMs + 1_000,
      isHeldOut: false,
      isDryRun: false,
    };
    await pushDecisions.putDecision({ ...decision, reason: 'pushed', token });
    await pushDecisions.sent(decision, sampleAtMs + 2_000);
    await pushDecisions.clicked(decision, sampleAtMs + 60_000);
    const again = { ...decision, sampleAtMs: sampleAtMs + 60_000 };
    const decisionId = `${campaignId}~${STORE}~${personId}~${again.sampleAtMs}`;
    await pushDecisions.putDecision({ ...again, decisionId, reason: 'cooling down' });
    await pushDecisions.putEntry({
      personId,
      deviceId,
      storeId: STORE,
      sampleAtMs,
      receivedAtMs: sampleAtMs,
    });
  }
  const endpointArn = await endpointOf(stores, one);
  await push.send(endpointArn, 'fcm', {
    title: 'Hello',
    body: `${one.name}!`,
    link: `https://api/c/${one.tokens[0]}`,
    sender: 'Demo',
    refuseLink: `https://aisle.example/c/${one.tokens[0]}/refuse`,
    pushId: one.tokens[0],
    ttlSeconds: 60,
  });
}

const endpointOf = async ({ phones }: ErasureWorld['stores'], { device }: Customer): Promise<string> =>
  (await phones.get(device))?.endpointArn ?? '';

async function fillFaces({ stores, nowMs }: ErasureWorld, one: Customer): Promise<void> {
  const { faces: store, index, visits, aliases } = stores;
  const member = `m.${one.member}`;
  const consent = { proof: `form of ${one.name}`, grantedAtMs: minute(0) };
  const times = { storeId: STORE, enrolledAtMs: minute(0), lastSeenAtMs: minute(0) };
  for (const userId of [member, one.stranger]) {
    const isMember = userId === member;
    const bytes = scriptedJpeg([{ angle: one.angle }], userId);
    const picture = isMember ? `enrolment:${member}` : `frame-${one.name}`;
    const indexed = await index.index(bytes, picture, 2);
    const faceIds = indexed.kind === 'indexed' ? indexed.faces.map(({ faceId }) => faceId) : [];
    await store.enrol({
      ...times,
      userId,
      kind: isMember ? 'member' : 'visitor',
      faceIds,
      seenOn: [{ storeId: STORE, day: DAY }],
      ...(isMember && { consent }),
    });
    await index.createUser(userId);
    for (const faceId of faceIds) await index.associate(userId, faceId, 0);
  }
  const log = memoryLog();
  const pauses = { pause: async () => {}, random: () => 0 };
  await mergeUsers({ index, store, log, pauses, nowMs }, { store: STORE, from: one.stranger, into: member });
  await store.addEvidence([member, 'v.x'], `frame-${one.name}`, nowMs());
  const visitor = visitorOf(one);
  await aliases.point(visitorOfUser(one.stranger), visitor, nowMs());
  const { stay, told, revision } = revisionsOf(one);
  const standing = await visits.load(keyOf(visitor));
  await visits.save(
    { visitorDay: stay, published: told.at(-1)?.after ?? [], revision, version: standing?.version ?? 0 },
    nowMs(),
  );
}

/** A visitor day of the customer in two revisions: one during the visit, one after it. */
function revisionsOf(one: Customer) {
  const visitor = visitorOf(one);
  const seen = sightingOf(visitor, [held('door', 0, 1), held('shelf', 2, 9)]);
  const asStranger = sightingOf(visitorOfUser(one.stranger), [held('door', 0, 2)]);
  const stay = withParts(stayOf(visitor, [seen]), stayOf(visitorOfUser(one.stranger), [asStranger]).parts);
  const summaries = (isClosed: boolean) =>
    visitsOf(stay).map((visit) => summaryOf(visit, { isClosed, isAssisted: false, frequency: 'first' }));
  const key = keyOf(visitor);
  const told: VisitRevision[] = [
    { ...key, kind: 'opened', revision: 1, before: [], after: summaries(false) },
    { ...key, kind: 'closed', revision: 2, before: summaries(false), after: summaries(true) },
  ];
  return { stay, told, revision: told.length };
}

/** A receipt of the customer; the second has only the phone and belongs to no purchase. */
export const receiptOfTheirs = ({ name, phone, member }: Customer, number: 1 | 2) =>
  receiptOf({
    receiptNo: `${name}-${number}` as ReceiptNo,
    closedAt: shanghai(`2026-11-22T10:0${number}:00`),
    phone,
    ...(number === 1 && { memberNo: member }),
  });

async function fillFacts({ stores, ports }: ErasureWorld, one: Customer): Promise<void> {
  const { facts, people } = stores;
  const receipts = [receiptOfTheirs(one, 1), receiptOfTheirs(one, 2)];
  const events = [
    ...receipts.map((receipt) => receiptClosed(receipt, '/test')),
    ...revisionsOf(one).told.map(visitRevisionEvent),
  ];
  for (const [at, wire] of events.entries()) {
    const parsed = parseEvent(Buffer.from(JSON.stringify(wire)));
    if (parsed.kind === 'unreadable' || !isFact(parsed.event)) throw new Error('no fact');
    const { day, name, data } = factOf(parsed.event);
    const place = { sequence: sequenceAt(one.place + at), arrivedAtMs: minute(20) };
    await facts.claim({ storeId: STORE, day, name, data, fingerprint: ports.fingerprintOf(data), ...place });
  }
  const [first] = receipts;
  if (first !== undefined)
    await people.addPurchase(one.personId, purchaseOf(first, receiptName(first), SZ01.cityId));
  await people.putVisits(one.personId, {
    storeId: STORE,
    day: DAY,
    visitorId: visitorOf(one),
    revision: 2,
    visits: [{ firstSeenAtMs: minute(0), lastSeenAtMs: minute(9) }],
  });
}

async function fillLetters({ stores, nowMs }: ErasureWorld, one: Customer): Promise<void> {
  const { told } = revisionsOf(one);
  const sighting = sightingOf(visitorOf(one), [held('door', 0, 1)]);
  const large = receiptClosed(
    { ...receiptOfTheirs(one, 1), receiptNo: `${one.name}-large` as ReceiptNo },
    '/test',
  );
  const bodies = [
    JSON.stringify(receiptClosed({ ...receiptOfTheirs(one, 1), discount: 10n }, '/test')),
    told[0] === undefined ? '' : JSON.stringify(visitRevisionEvent(told[0])),
    JSON.stringify(sightingRecorded(sighting, eventName(STORE, visitorOf(one), 1), '/test')),
    `{"half of a receipt","phone":"${one.phone}","lines":[{`,
    JSON.stringify({ filling: 'x'.repeat(299_000), ...large, more: 'y'.repeat(50_000) }),
  ];
  for (const [at, body] of bodies.entries()) {
    await stores.letters.keep({
      sequence: sequenceAt(one.place + 100 + at),
      why: 'exhausted',
      reason: 'every try failed',
      storeId: STORE,
      bytes: Buffer.from(body),
      arrivedAtMs: minute(21),
      keptAtMs: nowMs(),
    });
  }
}

/** Rows that contain both: a frame, a receipt with one's number and the other's phone, and an identity conflict. */
export async function fillShared(
  { stores, nowMs, ports }: ErasureWorld,
  ann: Customer,
  ben: Customer,
): Promise<void> {
  const { people, faces, facts } = stores;
  const receipt = receiptOf({
    receiptNo: `${ann.name} and ${ben.name}` as ReceiptNo,
    phone: ann.phone,
    memberNo: ben.member,
  });
  const data = factOfReceipt(receipt);
  await facts.claim({
    storeId: STORE,
    ...data,
    fingerprint: ports.fingerprintOf(data.data),
    sequence: sequenceAt(ann.place + 500),
    arrivedAtMs: minute(20),
  });
  await people.addPurchase(ben.personId, purchaseOf(receipt, receiptName(receipt), SZ01.cityId));
  await people.addDoubt(ben.personId, {
    other: ann.personId,
    kind: 'phone',
    source: 'till',
    evidence: receiptName(receipt),
    atMs: minute(30),
  });
  const box = { left: 0, top: 0, width: 0.1, height: 0.1 };
  const face = ({ member }: Customer, faceId: string) => ({
    box,
    faceId,
    act: 'leave',
    outcome: 'known',
    userId: `m.${member}`,
    userKind: 'member',
  });
  const seen = [
    face(ann, `seen-${ann.name}`),
    face(ben, `seen-${ben.name}`),
    { box, act: 'discard', outcome: 'not-retained' },
  ];
  for (const [frameId, isDone] of [
    [`frame-both-${ann.name}`, true],
    [`frame-open-${ann.name}`, false],
  ] as const) {
    const claim = await faces.claimFrame(frameId, nowMs());
    if (claim.kind !== 'claimed') throw new Error('the frame is there already');
    if (isDone) await faces.finish(claim.ticket, JSON.stringify({ kind: 'seen', faces: seen }));
    else {
      const pairs = [
        { from: 'v.x', into: `m.${ann.member}` },
        { from: 'v.x', into: `m.${ben.member}` },
      ];
      await faces.keepPlan(claim.ticket, JSON.stringify({ faces: seen, pairs }));
      await faces.release(claim.ticket, true);
    }
  }
}

function factOfReceipt(receipt: Parameters<typeof receiptClosed>[0]) {
  const parsed = parseEvent(Buffer.from(JSON.stringify(receiptClosed(receipt, '/test'))));
  if (parsed.kind === 'unreadable' || !isFact(parsed.event)) throw new Error('no fact');
  const { day, name, data } = factOf(parsed.event);
  return { day, name, data };
}
