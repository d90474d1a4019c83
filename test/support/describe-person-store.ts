/** What every store of people promises. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PersonId, ProductId, VisitorId } from '#domain/chain/ids.ts';
import { november, SZ02 } from './chain.ts';
import {
  boughtOf,
  consentOf,
  groundOf,
  MEMBER,
  OTHER_MEMBER,
  OTHER_PHONE,
  PHONE,
  personAt,
  seenOf,
} from './people.ts';
import { minute } from './sightings.ts';

export interface PersonStoreUnderTest {
  readonly people: PersonStore;
  /** Every row of the table, as text. */
  readonly rows: () => Promise<string[]>;
}

const NOBODY = personAt(99);
const AT_ONCE = 8;

export function describePersonStore(name: string, create: () => Promise<PersonStoreUnderTest>): void {
  describe(`a store of people: ${name}`, () => {
    let people: PersonStore;
    let rows: () => Promise<string[]>;
    beforeEach(async () => {
      ({ people, rows } = await create());
    });
    const ann = () => people.bind(MEMBER, groundOf(), personAt(1));
    const rowsWith = async (text: string) => (await rows()).filter((row) => row.includes(text));

    it('makes a person of an identifier that is new, and finds them by it ever after', async () => {
      expect(await people.find(PHONE)).toBeUndefined();
      expect(await people.load(personAt(1))).toBeUndefined();
      expect(await people.bind(PHONE, groundOf(), personAt(1))).toBe(personAt(1));
      expect(await people.bind(PHONE, groundOf({ source: 'app' }), personAt(2))).toBe(personAt(1));
      expect(await people.find(PHONE)).toBe(personAt(1));
      expect(await people.find({ ...PHONE, kind: 'member' })).toBeUndefined();
      expect(await people.load(personAt(1))).toEqual({
        personId: personAt(1),
        createdAtMs: minute(0),
        links: [{ ...PHONE, ...groundOf() }],
        consents: [],
        purchases: [],
        visits: [],
        pushes: [],
        doubts: [],
      });
      expect(await rowsWith(personAt(2))).toEqual([]);
    });

    it('makes one person of many at once who bring the same identifier', async () => {
      const ids = Array.from({ length: AT_ONCE }, (_, index) => personAt(index + 1));
      const bound = await Promise.all(ids.map((id) => people.bind(PHONE, groundOf(), id)));
      const [winner] = bound as [PersonId];
      expect(new Set(bound)).toEqual(new Set([winner]));
      for (const id of ids.filter((one) => one !== winner)) expect(await rowsWith(id)).toEqual([]);
      expect((await people.load(winner))?.links).toHaveLength(1);
    });

    it('lets more identifiers point at a person, each with the evidence it first came with', async () => {
      await ann();
      const device = { kind: 'device', value: 'ph-1', platform: 'fcm', endpointArn: 'arn:x' } as const;
      expect(await people.link(personAt(1), { ...PHONE, ...groundOf({ linkedAtMs: minute(2) }) })).toEqual({
        kind: 'linked',
      });
      await people.link(personAt(1), { ...device, ...groundOf({ linkedAtMs: minute(1), confidence: 1 }) });
      await people.link(personAt(1), {
        ...PHONE,
        ...groundOf({ evidence: 'another', linkedAtMs: minute(9) }),
      });
      expect(await people.find(PHONE)).toBe(personAt(1));
      const links = [
        { ...MEMBER, ...groundOf() },
        { ...device, ...groundOf({ linkedAtMs: minute(1), confidence: 1 }) },
        { ...PHONE, ...groundOf({ linkedAtMs: minute(2) }) },
      ];
      expect(await people.links(personAt(1))).toEqual(links);
      expect((await people.load(personAt(1)))?.links).toEqual(links);
    });

    it('never takes an identifier away from somebody, and says whose it is', async () => {
      await ann();
      await people.bind(PHONE, groundOf(), personAt(2));
      expect(await people.link(personAt(1), { ...PHONE, ...groundOf() })).toEqual({
        kind: 'taken',
        by: personAt(2),
      });
      expect(await people.find(PHONE)).toBe(personAt(2));
      expect((await people.load(personAt(1)))?.links).toEqual([{ ...MEMBER, ...groundOf() }]);
    });

    it('gives an identifier to one of many who want it at once', async () => {
      const ids = Array.from({ length: AT_ONCE }, (_, index) => personAt(index + 1));
      for (const id of ids) await people.bind({ kind: 'member', value: id }, groundOf(), id);
      const outcomes = await Promise.all(ids.map((id) => people.link(id, { ...PHONE, ...groundOf() })));
      const winner = await people.find(PHONE);
      expect(outcomes).toEqual(
        ids.map((id) => (id === winner ? { kind: 'linked' } : { kind: 'taken', by: winner })),
      );
      for (const id of ids) {
        expect((await people.links(id)).some(({ kind }) => kind === 'phone')).toBe(id === winner);
      }
    });

    it('keeps every word on a purpose in order of time, and each once', async () => {
      await ann();
      const words = [
        consentOf({ atMs: minute(1) }),
        consentOf({ atMs: minute(2), purpose: 'location', proof: 'form 7' }),
        consentOf({ atMs: minute(2), isGranted: false }),
        consentOf({ atMs: minute(3) }),
      ];
      for (const word of [...words].reverse()) await people.addConsent(personAt(1), word);
      expect(await people.addConsent(personAt(1), consentOf({ atMs: minute(3), proof: 'later' }))).toEqual({
        kind: 'kept',
      });
      const sameMoment = consentOf({ atMs: minute(3), isGranted: false });
      await people.addConsent(personAt(1), sameMoment);
      const kept = await people.consents(personAt(1));
      expect(kept).toHaveLength(5);
      expect(kept).toEqual(expect.arrayContaining([...words, sameMoment]));
      expect(kept.map(({ atMs }) => atMs)).toEqual([1, 2, 2, 3, 3].map(minute));
      expect((await people.load(personAt(1)))?.consents).toEqual(kept);
    });

    it('keeps a purchase once, exactly, in order of time', async () => {
      await ann();
      const large = boughtOf({
        net: -9_007_199_254_740_993_000n,
        units: -3,
        receipt: 'sz01/%E6%94%B6%E9%93%B6%2F1/2026-11-22/7',
        closedAtMs: minute(90),
        products: [
          { productId: '苹果' as ProductId, quantity: -3, net: -9_007_199_254_740_993_001n },
          { productId: 'SKU-2' as ProductId, quantity: 0, net: 1n },
        ],
      });
      for (const purchase of [large, boughtOf(), large]) {
        expect(await people.addPurchase(personAt(1), purchase)).toEqual({ kind: 'kept' });
      }
      expect((await people.load(personAt(1)))?.purchases).toEqual([boughtOf(), large]);
      expect(await people.isClaimed(large.receipt)).toBe(true);
      expect(await people.isClaimed('sz01/T1/2026-11-22/2')).toBe(false);
    });

    it('takes names of receipts that are as long as they may be', async () => {
      await ann();
      const part = encodeURIComponent('𠮷'.repeat(64));
      const receipt = `${'s'.repeat(64)}/${part}/2026-11-22/${part}`;
      expect(await people.addPurchase(personAt(1), boughtOf({ receipt }))).toEqual({ kind: 'kept' });
      expect((await people.load(personAt(1)))?.purchases).toEqual([boughtOf({ receipt })]);
    });

    it("lets the first of two bodies of a receipt stand, and a receipt be one person's", async () => {
      await ann();
      await people.bind(OTHER_MEMBER, groundOf(), personAt(2));
      await people.addPurchase(personAt(1), boughtOf());
      expect(await people.addPurchase(personAt(1), boughtOf({ closedAtMs: minute(61) }))).toEqual({
        kind: 'taken',
      });
      expect(await people.addPurchase(personAt(2), boughtOf())).toEqual({ kind: 'taken' });
      await people.addPurchase(personAt(1), boughtOf({ net: 1n }));
      expect((await people.load(personAt(1)))?.purchases).toEqual([boughtOf()]);
      expect((await people.load(personAt(2)))?.purchases).toEqual([]);
    });

    it('goes only forward in what was told of a day, and forgets visits that proved to be none', async () => {
      await ann();
      const visits = async () => (await people.load(personAt(1)))?.visits.length;
      expect(await people.putVisits(personAt(1), seenOf(2, 3))).toEqual({ kind: 'kept' });
      expect(await people.putVisits(personAt(1), seenOf(1, 1))).toEqual({ kind: 'outdated' });
      expect(await people.putVisits(personAt(1), seenOf(2, 3))).toEqual({ kind: 'kept' });
      expect(await visits()).toBe(3);
      expect(await people.putVisits(personAt(1), seenOf(3, 0))).toEqual({ kind: 'kept' });
      expect(await people.putVisits(personAt(1), seenOf(2, 3))).toEqual({ kind: 'outdated' });
      expect(await visits()).toBe(0);
    });

    it('gives the visits of all days and stores in order of time', async () => {
      await ann();
      const later = {
        ...seenOf(1, 1),
        day: november(23),
        visits: [{ firstSeenAtMs: minute(1_500), lastSeenAtMs: minute(1_501) }],
      };
      const elsewhere = {
        ...seenOf(1, 1),
        storeId: SZ02.storeId,
        visits: [{ firstSeenAtMs: minute(30), lastSeenAtMs: minute(31) }],
      };
      for (const seen of [later, elsewhere, seenOf(1, 2)]) await people.putVisits(personAt(1), seen);
      const { storeId, day, visitorId } = seenOf(1, 1);
      expect((await people.load(personAt(1)))?.visits).toEqual([
        { storeId, day, visitorId, firstSeenAtMs: minute(0), lastSeenAtMs: minute(1) },
        { storeId: 'sz02', day, visitorId, firstSeenAtMs: minute(30), lastSeenAtMs: minute(31) },
        { storeId, day, visitorId, firstSeenAtMs: minute(60), lastSeenAtMs: minute(61) },
        { storeId, day: november(23), visitorId, firstSeenAtMs: minute(1_500), lastSeenAtMs: minute(1_501) },
      ]);
    });

    it('writes a doubt down with both of the two, once', async () => {
      await ann();
      await people.bind(PHONE, groundOf(), personAt(2));
      const doubt = {
        other: personAt(2),
        kind: 'phone',
        source: 'till',
        evidence: 'r1',
        atMs: minute(5),
      } as const;
      for (const _ of [1, 2]) expect(await people.addDoubt(personAt(1), doubt)).toEqual({ kind: 'kept' });
      expect((await people.load(personAt(1)))?.doubts).toEqual([doubt]);
      expect((await people.load(personAt(2)))?.doubts).toEqual([{ ...doubt, other: personAt(1) }]);
    });

    it('gives a person of more rows than one answer of the database holds', async () => {
      await ann();
      const products = Array.from({ length: 300 }, (_, index) => ({
        productId: `${index}`.padEnd(1_000, 'x') as ProductId,
        quantity: 1,
        net: 1n,
      }));
      const receipts = Array.from({ length: 4 }, (_, index) => `sz01/T1/2026-11-22/${index}`);
      for (const receipt of receipts) await people.addPurchase(personAt(1), boughtOf({ receipt, products }));
      await people.putVisits(personAt(1), seenOf(1, 1));
      const found = await people.load(personAt(1));
      expect(found?.purchases.map(({ receipt }) => receipt)).toEqual(receipts);
      expect(found?.visits).toHaveLength(1);
    });

    it('keeps nothing of somebody who is not there', async () => {
      await ann();
      const before = await rows();
      const gone = { kind: 'gone' };
      expect(await people.link(NOBODY, { ...PHONE, ...groundOf() })).toEqual(gone);
      expect(await people.addConsent(NOBODY, consentOf())).toEqual(gone);
      expect(await people.putVisits(NOBODY, seenOf(1, 1))).toEqual(gone);
      const doubt = { other: personAt(1), kind: 'phone', source: 'till', evidence: 'r1', atMs: 1 } as const;
      expect(await people.addDoubt(NOBODY, doubt)).toEqual(gone);
      expect(await people.addDoubt(personAt(1), { ...doubt, other: NOBODY })).toEqual(gone);
      expect((await rows()).sort()).toEqual(before.sort());
      expect(await people.addPurchase(NOBODY, boughtOf())).toEqual(gone);
      expect(await rowsWith(NOBODY)).toEqual([]);
    });

    it('takes away everything of a person, and of nobody else', async () => {
      const others = async () => {
        await people.bind(OTHER_MEMBER, groundOf(), personAt(2));
        await people.link(personAt(2), { ...OTHER_PHONE, ...groundOf() });
      };
      await others();
      const before = await rows();
      await ann();
      await people.link(personAt(1), { ...PHONE, ...groundOf() });
      await people.addConsent(personAt(1), consentOf());
      await people.addPurchase(personAt(1), boughtOf());
      await people.putVisits(personAt(1), seenOf(1, 1, 'user.m.M1' as VisitorId));
      await people.addDoubt(personAt(1), {
        ...{ other: personAt(2), kind: 'phone', source: 'till', evidence: 'r9', atMs: minute(1) },
      });
      await people.remove(personAt(1));
      for (const trace of [personAt(1), MEMBER.value, PHONE.value, 'user.m.M1', 'r9'])
        expect(await rowsWith(trace)).toEqual([]);
      // A receipt that is claimed by nobody is all that is left.
      expect((await rows()).filter((row) => !before.includes(row))).toEqual([
        expect.stringContaining('RECEIPT#sz01/T1/2026-11-22/1'),
      ]);
      expect((await people.load(personAt(2)))?.doubts).toEqual([]);
      await people.remove(personAt(1));
    });

    it("lets nothing that is told again bring a purchase back that was an erased person's", async () => {
      await ann();
      await people.addPurchase(personAt(1), boughtOf());
      await people.remove(personAt(1));
      expect(await people.isClaimed(boughtOf().receipt)).toBe(true);
      await people.bind(MEMBER, groundOf(), personAt(3));
      expect(await people.addPurchase(personAt(3), boughtOf())).toEqual({ kind: 'taken' });
      expect((await people.load(personAt(3)))?.purchases).toEqual([]);
    });

    it('makes another person of an identifier whose person was erased', async () => {
      await ann();
      await people.remove(personAt(1));
      expect(await people.find(MEMBER)).toBeUndefined();
      expect(await people.bind(MEMBER, groundOf(), personAt(4))).toBe(personAt(4));
    });
  });
}
