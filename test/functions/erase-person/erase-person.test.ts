import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredDecision } from '#application/ports/push-decision-store.ts';
import type { StoredVisitorDay } from '#application/ports/visit-store.ts';
import type { CampaignId, DeviceId, PersonId } from '#domain/chain/ids.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { fold } from '#domain/place/figures/fold.ts';
import { additionsOfDay } from '#functions/count-events/fact-of-event.ts';
import { type ErasureRound, SETTLE_SECONDS, VISIT_SECONDS } from '#functions/erase-person/erase-person.ts';
import { requestErasure } from '#functions/erase-person/request-erasure.ts';
import { SZ01 } from '../../support/chain.ts';
import {
  CAMPAIGNS,
  type Customer,
  DAY,
  fill,
  fillShared,
  identifiersOf,
  shopper,
  visitorOf,
} from '../../support/erasure-people.ts';
import { type ErasureWorld, erasureWorld } from '../../support/erasure-world.ts';
import { gather } from '../../support/gather.ts';
import { linkEvidence, personAt } from '../../support/people.ts';
import { keyOf, minute } from '../../support/sightings.ts';

type Ports = ErasureWorld['ports'];

/** Ben stays in all tests; each test erases another customer. */
const BEN = shopper(1);
let place = 1;
let ann: Customer;
let world: ErasureWorld;

beforeAll(async () => {
  world = await erasureWorld(minute(60));
  await fill(world, BEN);
});
afterAll(() => world.close());
beforeEach(async () => {
  ann = shopper(++place);
  await fill(world, ann);
  await fillShared(world, ann, BEN);
});

const ask = async (one: Customer = ann) => {
  const { people, erasures } = world.stores;
  return await requestErasure({ ...world.ports, people, erasures }, one.personId);
};

const holds = (text: string, one: Customer): boolean =>
  identifiersOf(one).some((identifier) => text.includes(identifier));

/** Returns all stored texts that hold an identifier of a customer, by a search of the test's own. */
async function textsOf(one: Customer): Promise<string[]> {
  const dump = await world.dump();
  return [...dump].flatMap(([where, texts]) =>
    texts.filter((text) => holds(text, one)).map((text) => `${where}: ${text}`),
  );
}

/** Returns the result of each round in a word. */
const said = (rounds: readonly ErasureRound[]): string[] =>
  rounds.map((round) => (round.kind === 'continued' ? round.why : round.kind));

const placesOf = async (one: Customer): Promise<string[]> => [
  ...new Set((await textsOf(one)).map((text) => text.slice(0, text.indexOf(':')))),
];

/** Returns the texts about Ben alone. */
const onlyBens = async (): Promise<string[]> => (await textsOf(BEN)).filter((text) => !holds(text, ann));

/** Returns the cells of the store's day, recounted from its facts. */
const figures = async () => fold(additionsOfDay(await world.stores.facts.ofDay(SZ01.storeId, DAY)));

describe('an erasure', () => {
  it('removes the person from every place, and leaves other customers unchanged', async () => {
    expect(await placesOf(ann)).toEqual([
      ...['Devices', 'People', 'Campaigns', 'Facts', 'Visits', 'Faces', 'DeadLetters'],
      ...['collection', 'tracker', 'push service'],
    ]);
    const [bens, counted] = [await onlyBens(), await figures()];
    expect(await ask()).toMatchObject({ state: 'requested' });
    expect(said(await world.work())).toEqual(['new identifiers', 'access revoked', 'done']);
    expect(await textsOf(ann)).toEqual([]);
    const after = new Set(await onlyBens());
    expect(bens.filter((text) => !after.has(text))).toEqual([]);
    expect(await figures()).toEqual(counted);
  });

  it('ends for a member whom a camera saw once, in a frame that improved their record (P5)', async () => {
    const { faces } = world.stores;
    const userId = `m.${ann.member}`;
    const [user] = await faces.users([userId]);
    const faceId = user?.faceIds[0];
    if (faceId === undefined) throw new Error('the member is not enrolled');
    for (const [frameId, isDone] of [
      [`improved-${place}`, true],
      [`improving-${place}`, false],
    ] as const) {
      const claim = await faces.claimFrame(frameId, world.nowMs());
      if (claim.kind !== 'claimed') throw new Error('the frame is there already');
      const box = { left: 0, top: 0, width: 0.1, height: 0.1 };
      const seen = [{ box, faceId, act: 'improve', outcome: 'known', userId, userKind: 'member' }];
      if (isDone) await faces.finish(claim.ticket, JSON.stringify({ kind: 'seen', faces: seen }));
      else {
        await faces.keepPlan(claim.ticket, JSON.stringify({ faces: seen, pairs: [] }));
        await faces.release(claim.ticket, true);
      }
    }
    const asked = await ask();
    await world.work();
    expect(await world.stores.erasures.get(asked?.erasureId ?? '')).toMatchObject({ state: 'done' });
    expect(await textsOf(ann)).toEqual([]);
  });

  it('removes a person whose records were merged, asked for by either id (P6)', async () => {
    const { people } = world.stores;
    const older = personAt(9_000 + place);
    const phone = { kind: 'phone', value: `+86139100${10_000 + place}` } as const;
    await people.bind(phone, linkEvidence({ linkedAtMs: 1 }), older);
    await people.merge(ann.personId, older, { author: 'staff', atMs: world.nowMs() });
    const asked = await ask();
    await world.work();
    expect(await world.stores.erasures.get(asked?.erasureId ?? '')).toMatchObject({ state: 'done' });
    expect(await textsOf(ann)).toEqual([]);
    expect(JSON.stringify([...(await world.dump()).values()])).not.toContain(older);
    expect(await people.find(phone)).toBeUndefined();
  });

  it('has a receipt that lists the places and the rows that were searched, and names no person', async () => {
    const asked = await ask();
    await world.work();
    const erasure = await world.stores.erasures.get(asked?.erasureId ?? '');
    expect(erasure).toMatchObject({ state: 'done', completedAtMs: world.nowMs() });
    expect(erasure).not.toHaveProperty('secret');
    const places = erasure?.receipt?.places ?? [];
    expect(places.every(({ found }) => found === 0)).toBe(true);
    const dump = await world.dump();
    const scanned = Object.fromEntries(places.map((one) => [one.place, one.scanned]));
    // The mark of the erasure is deleted at its end.
    const rows = (table: string) => (dump.get(table)?.length ?? 0) + (table === 'Campaigns' ? 1 : 0);
    for (const table of Object.keys(world.tables)) expect(scanned[`table ${table}`], table).toBe(rows(table));
    expect(scanned).toMatchObject({ tracker: 1, 'push service': 1 });
    expect(holds(JSON.stringify(erasure), ann)).toBe(false);
  });

  it('is one however often it is requested, and unknown persons have none', async () => {
    const first = await ask();
    expect(await ask()).toEqual(first);
    // Requested twice, it runs twice with the same result.
    const rounds = said(await world.work(world.ports, 4));
    expect(rounds).toEqual(['new identifiers', 'new identifiers', 'access revoked', 'access revoked']);
    expect(await ask()).toEqual({ ...first, state: 'erasing' });
    expect(said(await world.work())).toEqual(['done', 'over']);
    expect(await textsOf(ann)).toEqual([]);
    expect(await ask()).toBeUndefined();
    expect(world.queue).toEqual([]);
  });

  it('is returned when it is requested again halfway, and a request that crashed before its message is completed', async () => {
    const first = await ask();
    // The process crashed between the row and the message.
    world.queue.splice(0);
    expect(await ask()).toEqual(first);
    const failing = { ...world.ports, searchCollection: () => Promise.reject(new Error('away')) };
    await expect(world.work(failing)).rejects.toThrow('away');
    expect(await world.stores.people.load(ann.personId)).toBeUndefined();
    expect(await ask()).toEqual({ ...first, state: 'erasing' });
    expect(said(await world.work())).toEqual(['done']);
    expect(await ask()).toBeUndefined();
  });

  it('keeps each push decision under a pseudonym that cannot be reversed', async () => {
    const before = await decisions(({ personId }) => personId === ann.personId);
    const others = await decisions(({ personId }) => personId !== ann.personId);
    expect(before).toHaveLength(4);
    await ask();
    await world.work();
    const after = (await decisions(() => true)).filter(
      (one) => !others.some(({ decisionId }) => decisionId === one.decisionId),
    );
    const outcome = ({
      reason,
      storeId,
      sampleAtMs,
      atMs,
      clickedAtMs,
      sentAtMs,
    }: (typeof before)[number]) => ({
      ...{ reason, storeId, sampleAtMs, atMs, clickedAtMs, sentAtMs },
    });
    expect(after.map(outcome)).toEqual(before.map(outcome));
    expect(after.every(({ token, deviceId }) => token === undefined && deviceId === undefined)).toBe(true);
    // One pseudonym within a campaign, and a different one in each.
    const people = CAMPAIGNS.map(
      (campaign) =>
        new Set(after.filter(({ campaignId }) => campaignId === campaign).map(({ personId }) => personId)),
    );
    expect(people.map(({ size }) => size)).toEqual([1, 1]);
    expect(new Set(after.map(({ personId }) => personId)).size).toBe(2);
  });

  async function decisions(isWanted: (one: StoredDecision) => boolean): Promise<StoredDecision[]> {
    const all = await Promise.all(
      CAMPAIGNS.map((campaign) => gather(world.stores.pushDecisions.decisions(campaign as CampaignId))),
    );
    return all.flat().filter(isWanted);
  }

  it('waits a minute after access is revoked, and starts over where new identifiers have come in', async () => {
    const { people, phones, push } = world.stores;
    await ask();
    expect(said(await world.work(world.ports, 2))).toEqual(['new identifiers', 'access revoked']);
    const [closed] = world.queue;
    expect(closed?.dueAtMs).toBe(world.nowMs() + SETTLE_SECONDS * 1_000);
    expect(closed?.work.known).toMatchObject({
      token: [...ann.tokens],
      key: [ann.keyId],
      face: { length: 2 },
    });
    expect(await phones.get(ann.device)).toBeUndefined();
    expect(await world.stores.devices.find(ann.keyId)).toBeUndefined();

    const second = { ...ann, device: `${ann.device}-2` as DeviceId, keyId: ann.keyId.toLowerCase() };
    const registered = await push.register('fcm', 'another token');
    const endpointArn = registered.kind === 'registered' ? registered.endpointArn : '';
    const phone = { deviceId: second.device, keyId: second.keyId, endpointArn, personId: ann.personId };
    const said2 = {
      platform: 'fcm',
      language: 'en',
      linkBase: 'https://api',
      boundAtMs: minute(59),
    } as const;
    await people.link(ann.personId, { kind: 'device', value: second.device, ...linkEvidence(), endpointArn });
    await phones.put({ ...phone, ...said2 });
    expect(said(await world.work())).toEqual(['new identifiers', 'access revoked', 'done']);
    expect(await textsOf(ann)).toEqual([]);
    expect(await textsOf(second)).toEqual([]);
    expect(await world.stores.isEndpointKnown(endpointArn)).toBe(false);
  });

  it('leaves a phone that was sold to its new owner', async () => {
    const { phones, push, people } = world.stores;
    const buyer = shopper(900 + place);
    await fill(world, buyer);
    const arn = (await phones.get(ann.device))?.endpointArn ?? '';
    const bound = await phones.get(buyer.device);
    if (bound === undefined) throw new Error('no phone');
    await phones.put({ ...bound, endpointArn: arn });
    await people.link(buyer.personId, {
      kind: 'device',
      value: 'ph-sold',
      ...linkEvidence(),
      endpointArn: arn,
    });
    await ask();
    await world.work();
    // The pushes that the phone has shown went with the phone.
    expect((await placesOf(ann)).filter((where) => where !== 'push service')).toEqual([]);
    expect(await phones.holderOf(arn)).toBe(buyer.device);
    expect(
      (
        await push.send(arn, 'fcm', {
          title: '',
          body: '',
          link: '',
          sender: '',
          refuseLink: '',
          pushId: 'x',
          ttlSeconds: 1,
        })
      ).kind,
    ).toBe('sent');
    // And the other way round: rows of the seller are no trace of the new owner.
    await ask(buyer);
    expect(said(await world.work())).toContain('done');
    expect(await textsOf(buyer)).toEqual([]);
    expect(await world.stores.isEndpointKnown(arn)).toBe(false);
  });

  it('waits until a visit is closed and counted, so that no visit stays open for ever', async () => {
    const { visits } = world.stores;
    const key = keyOf(visitorOf(ann));
    const over = (await visits.load(key)) as StoredVisitorDay;
    await visits.save({ ...over, dueAtMs: world.nowMs() + 1 }, world.nowMs());
    await ask();
    expect(said(await world.work(world.ports, 4)).at(-1)).toBe('visit in progress');
    expect(world.queue[0]?.dueAtMs).toBe(world.nowMs() + VISIT_SECONDS * 1_000);
    const { dueAtMs: _, ...rest } = (await visits.load(key)) as StoredVisitorDay;
    await visits.save({ ...rest, revision: 3 }, world.nowMs());
    // Its last revision is published and not counted yet.
    expect(said(await world.work(world.ports, 1))).toEqual(['visit in progress']);
    // A revision that is never counted does not block the erasure for ever.
    const rounds = said(await world.work());
    expect(rounds.length).toBeGreaterThan(20);
    expect(rounds.at(-1)).toBe('done');
    expect(await textsOf(ann)).toEqual([]);
  });

  it('continues the search over several rounds when time runs out', async () => {
    let left = 0;
    const hurried = { ...world.ports, isTimeLeft: () => left++ % 2 === 0 };
    await ask();
    const rounds = said(await world.work(hurried));
    expect(rounds.filter((one) => one === 'out of time').length).toBeGreaterThan(5);
    expect(rounds.at(-1)).toBe('done');
    expect(await textsOf(ann)).toEqual([]);
  });
});

describe('a person who is created during the erasure', () => {
  /** Creates a person with the member number and the phone, once, after everything was deleted. */
  const coming = (linkedAtMs: number, personId: PersonId, more: readonly Identifier[] = []): Ports => {
    let isThere = false;
    return {
      ...world.ports,
      searchTable: async (...how) => {
        const { people } = world.stores;
        if (!isThere) {
          isThere = true;
          const evidence = linkEvidence({ linkedAtMs });
          await people.bind({ kind: 'member', value: ann.member }, evidence, personId);
          for (const identifier of [{ kind: 'phone', value: ann.phone } as const, ...more])
            await people.link(personId, { ...identifier, ...evidence });
        }
        return world.ports.searchTable(...how);
      },
    };
  };

  it('is the erased person and deleted when a receipt from before the request created them', async () => {
    await ask();
    const rounds = said(await world.work(coming(world.nowMs() - 1, personAt(700 + place))));
    expect(rounds.slice(2)).toEqual(['new identifiers', 'access revoked', 'done']);
    expect(await textsOf(ann)).toEqual([]);
    expect(await world.stores.people.load(personAt(700 + place))).toBeUndefined();
  });

  it('is a different person and stays when a later receipt created them, and the erasure’s receipt reports it', async () => {
    const asked = await ask();
    const newcomer = personAt(700 + place);
    world.advance(1_000);
    const rounds = said(await world.work(coming(world.nowMs(), newcomer)));
    expect(rounds.slice(2)).toEqual(['new identifiers', 'access revoked', 'done']);
    expect((await world.stores.people.load(newcomer))?.links).toHaveLength(2);
    const erasure = await world.stores.erasures.get(asked?.erasureId ?? '');
    expect(erasure?.receipt).toMatchObject({ reassigned: 2 });
    expect((await textsOf(ann)).filter((text) => !text.includes(newcomer))).toEqual([]);
    expect(await world.stores.people.load(ann.personId)).toBeUndefined();
  });

  it('is a different person when they have any other number', async () => {
    await ask();
    const other = personAt(700 + place);
    const own = { kind: 'phone', value: `+8613900${String(place).padStart(6, '0')}` } as const;
    await world.work(coming(world.nowMs() - 1, other, [own]));
    expect((await world.stores.people.load(other))?.links).toHaveLength(3);
  });
});

const nothing = async (): Promise<void> => {};

/** Returns ports that do not delete rows in some tables. */
const handless = (ports: Ports, isOf: (table: string) => boolean): Partial<Ports> => ({
  rows: {
    ...ports.rows,
    apply: async (...how) => (isOf(how[0]) ? 'left' : ports.rows.apply(...how)),
  },
  ...(isOf('Devices') && { devices: { remove: nothing } }),
  ...(isOf('People') && { people: { ...ports.people, remove: nothing } }),
  ...(isOf('Faces') && { faces: { ...ports.faces, forget: nothing } }),
  ...(isOf('Campaigns') && { pushDecisions: { ...ports.pushDecisions, remove: nothing } }),
});

/** Runs an erasure that must fail; returns the places with remainders and everything that was reported. */
async function failed(instead: Partial<Ports>): Promise<{ places: string[]; reported: string }> {
  const asked = await ask();
  const error = await world.work({ ...world.ports, ...instead }).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.name).toBe('ErasureIncompleteError');
  const erasure = await world.stores.erasures.get(asked?.erasureId ?? '');
  expect(erasure?.state).toBe('incomplete');
  return {
    places: (erasure?.remaining ?? []).map(({ place }) => place),
    reported: `${error?.message} ${JSON.stringify(erasure)}`,
  };
}

describe('an erasure that misses rows', () => {
  it('finds the person in every place, and reports the places without naming the person', async () => {
    const { ports } = world;
    const { places, reported } = await failed({
      ...handless(ports, () => true),
      tracker: { ...ports.tracker, forget: nothing },
      push: { ...ports.push, forget: nothing },
      index: { ...ports.index, deleteFaces: nothing, deleteUser: nothing },
    });
    expect(places).toEqual([
      ...['Devices', 'People', 'Campaigns', 'Facts', 'Visits', 'Faces', 'DeadLetters'].map(
        (table) => `table ${table}`,
      ),
      ...['users of the collection', 'faces of the collection', 'tracker', 'push service'],
    ]);
    expect(reported).toContain('table Facts (STORE/RECEIPT, STORE/VISIT)');
    expect(holds(reported, ann)).toBe(false);
    expect(said(await world.work())).toEqual(['done']);
    expect(await textsOf(ann)).toEqual([]);
  });

  it.each<[string, (ports: Ports) => Partial<Ports>]>([
    ['push service', (ports) => ({ push: { ...ports.push, forget: nothing } })],
    ['faces of the collection', (ports) => ({ index: { ...ports.index, deleteFaces: nothing } })],
    ['table Facts', (ports) => handless(ports, (table) => table === 'Facts')],
    ['table DeadLetters', (ports) => handless(ports, (table) => table === 'DeadLetters')],
  ])('is retried, even for a single place: %s', async (place, insteadOf) => {
    const { places } = await failed(insteadOf(world.ports));
    expect(places).toEqual([place]);
    expect(said(await world.work())).toEqual(['done']);
    expect(await textsOf(ann)).toEqual([]);
  });

  it('is completed by its search where a row has a policy, and reports it', async () => {
    const asked = await ask();
    const { ports } = world;
    await world.work({
      ...ports,
      devices: { remove: nothing },
      people: { ...ports.people, remove: nothing },
      faces: { ...ports.faces, forget: nothing },
    });
    const { receipt } = (await world.stores.erasures.get(asked?.erasureId ?? '')) ?? {};
    const swept = receipt?.places.filter(({ removedBefore }) => removedBefore > 0).map((one) => one.place);
    expect(swept).toEqual(expect.arrayContaining(['table Devices', 'table People', 'table Faces']));
    expect(await textsOf(ann)).toEqual([]);
  });
});
