/** Contract of every person store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PersonId, ProductId, VisitorId } from '#domain/chain/ids.ts';
import { november, SZ02 } from './chain.ts';
import {
  boughtOf,
  consentOf,
  linkEvidence,
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

const UNKNOWN = personAt(99);
const AT_ONCE = 8;

export function describePersonStore(name: string, create: () => Promise<PersonStoreUnderTest>): void {
  describe(`a person store: ${name}`, () => {
    let people: PersonStore;
    let rows: () => Promise<string[]>;
    beforeEach(async () => {
      ({ people, rows } = await create());
    });
    const ann = () => people.bind(MEMBER, linkEvidence(), personAt(1));
    const rowsWith = async (text: string) => (await rows()).filter((row) => row.includes(text));

    it('creates a person for a new identifier, and finds them by it afterwards', async () => {
      expect(await people.find(PHONE)).toBeUndefined();
      expect(await people.load(personAt(1))).toBeUndefined();
      expect(await people.bind(PHONE, linkEvidence(), personAt(1))).toBe(personAt(1));
      expect(await people.bind(PHONE, linkEvidence({ source: 'app' }), personAt(2))).toBe(personAt(1));
      expect(await people.find(PHONE)).toBe(personAt(1));
      expect(await people.find({ ...PHONE, kind: 'member' })).toBeUndefined();
      expect(await people.load(personAt(1))).toEqual({
        personId: personAt(1),
        createdAtMs: minute(0),
        links: [{ ...PHONE, ...linkEvidence() }],
        consents: [],
        purchases: [],
        visits: [],
        pushes: [],
        conflicts: [],
        formerIds: [],
      });
      expect(await rowsWith(personAt(2))).toEqual([]);
    });

    it('creates one person for concurrent uses of one identifier', async () => {
      const ids = Array.from({ length: AT_ONCE }, (_, index) => personAt(index + 1));
      const bound = await Promise.all(ids.map((id) => people.bind(PHONE, linkEvidence(), id)));
      const [winner] = bound as [PersonId];
      expect(new Set(bound)).toEqual(new Set([winner]));
      for (const id of ids.filter((one) => one !== winner)) expect(await rowsWith(id)).toEqual([]);
      expect((await people.load(winner))?.links).toHaveLength(1);
    });

    it('links more identifiers to a person, each with its first evidence', async () => {
      await ann();
      const device = { kind: 'device', value: 'ph-1', platform: 'fcm', endpointArn: 'arn:x' } as const;
      expect(
        await people.link(personAt(1), { ...PHONE, ...linkEvidence({ linkedAtMs: minute(2) }) }),
      ).toEqual({
        kind: 'linked',
      });
      await people.link(personAt(1), {
        ...device,
        ...linkEvidence({ linkedAtMs: minute(1), confidence: 1 }),
      });
      await people.link(personAt(1), {
        ...PHONE,
        ...linkEvidence({ evidence: 'another', linkedAtMs: minute(9) }),
      });
      expect(await people.find(PHONE)).toBe(personAt(1));
      const links = [
        { ...MEMBER, ...linkEvidence() },
        { ...device, ...linkEvidence({ linkedAtMs: minute(1), confidence: 1 }) },
        { ...PHONE, ...linkEvidence({ linkedAtMs: minute(2) }) },
      ];
      expect(await people.links(personAt(1))).toEqual(links);
      expect((await people.load(personAt(1)))?.links).toEqual(links);
    });

    it('never moves an identifier to another person, and reports its owner', async () => {
      await ann();
      await people.bind(PHONE, linkEvidence(), personAt(2));
      expect(await people.link(personAt(1), { ...PHONE, ...linkEvidence() })).toEqual({
        kind: 'taken',
        by: personAt(2),
      });
      expect(await people.find(PHONE)).toBe(personAt(2));
      expect((await people.load(personAt(1)))?.links).toEqual([{ ...MEMBER, ...linkEvidence() }]);
    });

    it('links an identifier to one of many concurrent claimants', async () => {
      const ids = Array.from({ length: AT_ONCE }, (_, index) => personAt(index + 1));
      for (const id of ids) await people.bind({ kind: 'member', value: id }, linkEvidence(), id);
      const outcomes = await Promise.all(ids.map((id) => people.link(id, { ...PHONE, ...linkEvidence() })));
      const winner = await people.find(PHONE);
      expect(outcomes).toEqual(
        ids.map((id) => (id === winner ? { kind: 'linked' } : { kind: 'taken', by: winner })),
      );
      for (const id of ids) {
        expect((await people.links(id)).some(({ kind }) => kind === 'phone')).toBe(id === winner);
      }
    });

    it('stores every decision on a purpose once, in time order', async () => {
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

    it('stores a purchase once, exactly, in time order', async () => {
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

    it('accepts receipt ids of the maximum length', async () => {
      await ann();
      const part = encodeURIComponent('𠮷'.repeat(64));
      const receipt = `${'s'.repeat(64)}/${part}/2026-11-22/${part}`;
      expect(await people.addPurchase(personAt(1), boughtOf({ receipt }))).toEqual({ kind: 'kept' });
      expect((await people.load(personAt(1)))?.purchases).toEqual([boughtOf({ receipt })]);
    });

    it('keeps the first of two bodies of a receipt, for one person only', async () => {
      await ann();
      await people.bind(OTHER_MEMBER, linkEvidence(), personAt(2));
      await people.addPurchase(personAt(1), boughtOf());
      expect(await people.addPurchase(personAt(1), boughtOf({ closedAtMs: minute(61) }))).toEqual({
        kind: 'taken',
      });
      expect(await people.addPurchase(personAt(2), boughtOf())).toEqual({ kind: 'taken' });
      await people.addPurchase(personAt(1), boughtOf({ net: 1n }));
      expect((await people.load(personAt(1)))?.purchases).toEqual([boughtOf()]);
      expect((await people.load(personAt(2)))?.purchases).toEqual([]);
    });

    it('accepts only later revisions of a day, and drops revoked visits', async () => {
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

    it('returns the visits of all days and stores in time order', async () => {
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

    it('stores an identity conflict with both people, once', async () => {
      await ann();
      await people.bind(PHONE, linkEvidence(), personAt(2));
      const doubt = {
        other: personAt(2),
        kind: 'phone',
        source: 'till',
        evidence: 'r1',
        atMs: minute(5),
      } as const;
      for (const _ of [1, 2]) expect(await people.addDoubt(personAt(1), doubt)).toEqual({ kind: 'kept' });
      expect((await people.load(personAt(1)))?.conflicts).toEqual([doubt]);
      expect((await people.load(personAt(2)))?.conflicts).toEqual([{ ...doubt, other: personAt(1) }]);
    });

    it('lists a conflict for review once, settles it once, and forgets it with either person (P6)', async () => {
      await ann();
      await people.bind(PHONE, linkEvidence(), personAt(2));
      const doubt = { other: personAt(1), kind: 'phone', source: 'import', evidence: 'm.csv' } as const;
      for (const atMs of [minute(5), minute(6)]) await people.addDoubt(personAt(2), { ...doubt, atMs });
      const [listed, ...more] = await Array.fromAsync(people.conflicts());
      const { other: _, ...evidence } = doubt;
      expect(listed).toEqual({ people: [personAt(1), personAt(2)], ...evidence, atMs: minute(5) });
      expect(more).toEqual([]);
      if (listed === undefined) throw new Error('no conflict is listed');
      const settlement = { decision: 'different', author: 'staff', atMs: minute(9) } as const;
      expect(await people.settleConflict(listed, settlement)).toBe(true);
      expect(await people.settleConflict(listed, { ...settlement, decision: 'same' })).toBe(false);
      await people.addDoubt(personAt(1), { ...doubt, other: personAt(2), atMs: minute(10) });
      expect(await Array.fromAsync(people.conflicts())).toEqual([{ ...listed, settlement }]);
      await people.remove(personAt(2));
      expect(await Array.fromAsync(people.conflicts())).toEqual([]);
      expect(await people.settleConflict(listed, settlement)).toBe(false);
      expect(await rowsWith(personAt(2))).toEqual([]);
    });

    it('reads two merged records as one, under either id and by all identifiers (P6)', async () => {
      await ann();
      await people.addConsent(personAt(1), consentOf());
      await people.putVisits(personAt(1), seenOf(1, 1));
      await people.bind(PHONE, linkEvidence({ linkedAtMs: minute(1) }), personAt(2));
      await people.addPurchase(personAt(2), boughtOf());
      await people.addConsent(personAt(2), consentOf({ isGranted: false, atMs: minute(7) }));
      await people.putVisits(personAt(2), seenOf(2, 2));
      const by = { author: 'staff', atMs: minute(9) };
      for (const _ of [1, 2])
        expect(await people.merge(personAt(2), personAt(1), by)).toEqual({ kind: 'kept' });
      const one = await people.load(personAt(1));
      expect(one).toMatchObject({
        personId: personAt(1),
        createdAtMs: minute(0),
        formerIds: [personAt(2)],
        purchases: [{ receipt: boughtOf().receipt }],
        links: [MEMBER, PHONE],
      });
      expect(one?.consents).toHaveLength(2);
      expect(one?.visits).toHaveLength(2);
      expect(await people.load(personAt(2))).toEqual(one);
      expect(await people.consents(personAt(2))).toEqual(one?.consents);
      expect(await people.links(personAt(2))).toEqual(one?.links);
      expect(await people.purchasesOn(personAt(1), boughtOf().closedAtMs)).toEqual(one?.purchases);
      expect([await people.find(MEMBER), await people.find(PHONE)]).toEqual([personAt(1), personAt(1)]);
      expect(await people.idsOf(personAt(2))).toEqual([personAt(1), personAt(2)]);
      // What is written under the former id, by a function that read it before, is read, too.
      await people.link(personAt(2), { ...OTHER_PHONE, ...linkEvidence({ linkedAtMs: minute(2) }) });
      expect((await people.load(personAt(1)))?.links).toMatchObject([MEMBER, PHONE, OTHER_PHONE]);
    });

    it('erases merged records with all their pointers, in either order (P6)', async () => {
      for (const order of [
        [1, 2],
        [2, 1],
      ]) {
        await ann();
        await people.bind(PHONE, linkEvidence({ linkedAtMs: minute(1) }), personAt(2));
        await people.merge(personAt(2), personAt(1), { author: 'staff', atMs: minute(9) });
        for (const place of order) await people.remove(personAt(place));
        for (const trace of [personAt(1), personAt(2), PHONE.value])
          expect(await rowsWith(trace), `${order}`).toEqual([]);
      }
    });

    it('merges nothing into a person who does not exist', async () => {
      await ann();
      const by = { author: 'staff', atMs: minute(9) };
      expect(await people.merge(personAt(1), UNKNOWN, by)).toEqual({ kind: 'gone' });
      expect(await people.merge(UNKNOWN, personAt(1), by)).toEqual({ kind: 'gone' });
      expect(await people.idsOf(personAt(1))).toEqual([personAt(1)]);
    });

    it('returns a person with more rows than one page', async () => {
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

    it('stores the year of birth that was recorded last', async () => {
      await ann();
      expect((await people.load(personAt(1)))?.birthYear).toBeUndefined();
      expect(await people.setBirthYear(personAt(1), 1990, minute(2))).toEqual({ kind: 'kept' });
      await people.setBirthYear(personAt(1), 1980, minute(1));
      expect((await people.load(personAt(1)))?.birthYear).toBe(1990);
      await people.setBirthYear(personAt(1), 1991, minute(3));
      expect((await people.load(personAt(1)))?.birthYear).toBe(1991);
    });

    it('stores nothing of a person who does not exist', async () => {
      await ann();
      const before = await rows();
      const gone = { kind: 'gone' };
      expect(await people.link(UNKNOWN, { ...PHONE, ...linkEvidence() })).toEqual(gone);
      expect(await people.addConsent(UNKNOWN, consentOf())).toEqual(gone);
      expect(await people.setBirthYear(UNKNOWN, 1990, minute(1))).toEqual(gone);
      expect(await people.putVisits(UNKNOWN, seenOf(1, 1))).toEqual(gone);
      const doubt = { other: personAt(1), kind: 'phone', source: 'till', evidence: 'r1', atMs: 1 } as const;
      expect(await people.addDoubt(UNKNOWN, doubt)).toEqual(gone);
      expect(await people.addDoubt(personAt(1), { ...doubt, other: UNKNOWN })).toEqual(gone);
      expect((await rows()).sort()).toEqual(before.sort());
      expect(await people.addPurchase(UNKNOWN, boughtOf())).toEqual(gone);
      expect(await rowsWith(UNKNOWN)).toEqual([]);
    });

    it('deletes every row of a person, and no other', async () => {
      const others = async () => {
        await people.bind(OTHER_MEMBER, linkEvidence(), personAt(2));
        await people.link(personAt(2), { ...OTHER_PHONE, ...linkEvidence() });
      };
      await others();
      const before = await rows();
      await ann();
      await people.link(personAt(1), { ...PHONE, ...linkEvidence() });
      await people.addConsent(personAt(1), consentOf());
      await people.addPurchase(personAt(1), boughtOf());
      await people.putVisits(personAt(1), seenOf(1, 1, 'user.m.M1' as VisitorId));
      await people.addDoubt(personAt(1), {
        ...{ other: personAt(2), kind: 'phone', source: 'till', evidence: 'r9', atMs: minute(1) },
      });
      await people.remove(personAt(1));
      for (const trace of [personAt(1), MEMBER.value, PHONE.value, 'user.m.M1', 'r9'])
        expect(await rowsWith(trace)).toEqual([]);
      // Only the claim of the receipt remains, without a customer.
      expect((await rows()).filter((row) => !before.includes(row))).toEqual([
        expect.stringContaining('RECEIPT#sz01/T1/2026-11-22/1'),
      ]);
      expect((await people.load(personAt(2)))?.conflicts).toEqual([]);
      await people.remove(personAt(1));
    });

    it('restores no purchase of an erased person when the log is replayed', async () => {
      await ann();
      await people.addPurchase(personAt(1), boughtOf());
      await people.remove(personAt(1));
      expect(await people.isClaimed(boughtOf().receipt)).toBe(true);
      await people.bind(MEMBER, linkEvidence(), personAt(3));
      expect(await people.addPurchase(personAt(3), boughtOf())).toEqual({ kind: 'taken' });
      expect((await people.load(personAt(3)))?.purchases).toEqual([]);
    });

    it('creates a new person for an identifier of an erased one', async () => {
      await ann();
      await people.remove(personAt(1));
      expect(await people.find(MEMBER)).toBeUndefined();
      expect(await people.bind(MEMBER, linkEvidence(), personAt(4))).toBe(personAt(4));
    });
  });
}
