import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Items } from '#adapters/dynamodb/person-items.ts';
import { personStoreOn } from '#adapters/dynamodb/person-store.ts';
import type { LogRecord } from '#application/ports/event-log.ts';
import type { StoredPerson } from '#application/ports/person-store.ts';
import type { WireEvent } from '#contracts/events/parse-event.ts';
import { receiptClosed, receiptName } from '#contracts/events/receipt-closed.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import type { PersonId, ReceiptNo, StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { PURCHASES_A_DAY_LIMIT } from '#domain/people/customers/overuse.ts';
import { memberUserId } from '#domain/people/faces/face-user.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { visitorOfUser } from '#domain/place/visits/sighting.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import { type RecordPurchasesPorts, recordPurchases } from '#functions/record-purchases/record-purchases.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, STORES, SZ01, SZ02 } from '../../support/chain.ts';
import { memoryItems } from '../../support/memory-person-store.ts';
import { MEMBER, OTHER_MEMBER, OTHER_PHONE, PHONE, personAt } from '../../support/people.ts';
import { lineOf, receiptOf } from '../../support/receipts.ts';
import { minute } from '../../support/sightings.ts';

function world() {
  const items = memoryItems();
  const people = personStoreOn(items);
  let made = 0;
  let place = 0;
  const ports = {
    people,
    cityOf: async (storeId: StoreId) => STORES.find((store) => store.storeId === storeId)?.cityId,
    country: async () => 'CN',
    newPersonId: () => personAt(++made),
  };
  const recordOf = (event: WireEvent, key: string = event.subject): LogRecord => ({
    key,
    sequence: sequenceAt(++place),
    bytes: Buffer.from(JSON.stringify(event)),
    arrivedAtMs: 1,
  });
  return {
    items,
    people,
    ports,
    recordOf,
    /** Returns the record of a receipt with this number. */
    sale: (receiptNo: number, more: Partial<Receipt>): LogRecord =>
      recordOf(receiptClosed(receiptOf({ receiptNo: `${receiptNo}` as ReceiptNo, ...more }), '/test')),
    record: (records: readonly LogRecord[], instead: Partial<RecordPurchasesPorts> = {}) =>
      recordPurchases({ ...ports, ...instead }, records),
    async of(identifier: Identifier): Promise<StoredPerson | undefined> {
      const personId = await people.find(identifier);
      return personId && (await people.load(personId));
    },
    /** Returns the receipt numbers of a customer's purchases. */
    async bought(identifier: Identifier): Promise<string[] | undefined> {
      return (await this.of(identifier))?.purchases.map(({ receipt }) => receipt.split('/').at(-1) ?? '');
    },
    /** Returns the content of the table without person ids, which depend on the order of records. */
    async portrait(): Promise<unknown> {
      const ids = [...items.rows.values()].filter(({ sk }) => sk === 'PERSON').map(({ pk }) => pk.slice(7));
      const loaded = await Promise.all(ids.map((id) => people.load(id as PersonId)));
      const texts = loaded.map((person) => ({
        links: person?.links.map(({ kind, value }) => `${kind} ${value}`).sort(),
        purchases: person?.purchases.map(({ receipt, net }) => `${receipt} ${net}`),
        visits: person?.visits,
        conflicts: person?.conflicts.map(({ kind, evidence }) => `${kind} ${evidence}`),
      }));
      return texts.map((one) => JSON.stringify(one)).sort();
    },
  };
}

let chain: ReturnType<typeof world>;
beforeEach(() => {
  chain = world();
});

describe('a receipt with a member or phone number', () => {
  it('is stored as a purchase of the customer with that number, who is created if unknown', async () => {
    const sale = chain.sale(1, { memberNo: 'M1', lines: [lineOf({ quantity: 2, discount: 5n })] });
    expect(await chain.record([sale])).toEqual({
      ...{ purchases: 1, visitorDays: 0, unclaimed: 0, rejectedLinks: 0, unreadable: 0 },
      ...{ overused: 0, failures: [] },
    });
    expect(await chain.of(MEMBER)).toMatchObject({
      personId: personAt(1),
      createdAtMs: receiptOf().closedAt.instantMs,
      links: [
        {
          ...MEMBER,
          source: 'till',
          evidence: receiptName(receiptOf()),
          confidence: 1,
          author: 'record-purchases',
        },
      ],
      purchases: [{ storeId: 'sz01', cityId: 'shenzhen', net: 199_995n, units: 2, day: november(22) }],
    });
  });

  it('belongs to one customer by either number, and by both after a receipt with both', async () => {
    await chain.record([chain.sale(1, { phone: PHONE.value })]);
    await chain.record([chain.sale(2, { phone: PHONE.value, memberNo: 'M1' })]);
    await chain.record([chain.sale(3, { memberNo: 'M1' })]);
    expect(await chain.bought(PHONE)).toEqual(['1', '2', '3']);
    expect(await chain.people.find(MEMBER)).toBe(await chain.people.find(PHONE));
  });

  it('belongs to the same customer in one batch as in many, and from several stores at once', async () => {
    const sales = [
      chain.sale(1, { phone: PHONE.value }),
      chain.sale(2, { memberNo: 'M1', phone: PHONE.value }),
      chain.sale(3, { memberNo: 'M1' }),
      chain.sale(1, { memberNo: 'M1', storeId: SZ02.storeId }),
    ];
    expect(await chain.record(sales.slice(0, 3))).toMatchObject({ purchases: 3, rejectedLinks: 0 });
    expect(await chain.record(sales)).toMatchObject({ purchases: 4 });
    expect(await chain.bought(MEMBER)).toHaveLength(4);
  });

  it('stores a return as a purchase of its own with a negative amount', async () => {
    await chain.record([
      chain.sale(1, { memberNo: 'M1' }),
      chain.sale(2, { memberNo: 'M1', lines: [lineOf({ quantity: -1 })] }),
    ]);
    expect((await chain.of(MEMBER))?.purchases.map(({ net }) => net)).toEqual([100_000n, -100_000n]);
  });

  it('reads a phone number in the national format of the chain’s country', async () => {
    await chain.record([
      chain.sale(1, { phone: '138 0013 8000' }),
      chain.sale(2, { phone: '008613800138000' }),
    ]);
    expect(await chain.bought(PHONE)).toEqual(['1', '2']);
  });

  it('discards an invalid number, and stores it nowhere', async () => {
    const known = await chain.record([
      chain.sale(1, { phone: '12' }),
      chain.sale(2, { phone: '138', memberNo: 'M1' }),
      chain.sale(3, {}),
    ]);
    expect(known).toMatchObject({ purchases: 1, unreadable: 2, failures: [] });
    expect(await chain.record([chain.sale(4, { memberNo: 'M#1' })])).toMatchObject({ unreadable: 1 });
    expect(await chain.bought(MEMBER)).toEqual(['2']);
    expect(JSON.stringify([...chain.items.rows.values()], (_, one) => String(one))).not.toContain('"138"');
    const abroad = await chain.record([chain.sale(5, { phone: '13800138000' })], {
      country: async () => undefined,
    });
    expect(abroad).toMatchObject({ unreadable: 1 });
  });

  it('is skipped if its store is not set up', async () => {
    await chain.record([chain.sale(1, { memberNo: 'M1', storeId: 'xx' as StoreId })]);
    expect(chain.items.rows.size).toBe(0);
  });
});

describe('a receipt with the numbers of two customers', () => {
  it('belongs to the member, merges no customers, and is recorded as a conflict of both', async () => {
    await chain.record([chain.sale(1, { memberNo: 'M1' }), chain.sale(2, { phone: PHONE.value })]);
    const sale = chain.sale(3, { memberNo: 'M1', phone: PHONE.value });
    expect(await chain.record([sale])).toMatchObject({ purchases: 1, rejectedLinks: 1 });
    await chain.record([sale]);
    const [member, other] = [await chain.of(MEMBER), await chain.of(PHONE)];
    expect(await chain.bought(MEMBER)).toEqual(['1', '3']);
    expect(await chain.bought(PHONE)).toEqual(['2']);
    const doubt = {
      kind: 'phone',
      source: 'till',
      evidence: receiptName(receiptOf({ receiptNo: '3' as ReceiptNo })),
    };
    expect(member?.conflicts).toMatchObject([{ ...doubt, other: other?.personId }]);
    expect(other?.conflicts).toMatchObject([{ ...doubt, other: member?.personId }]);
  });

  it('does not link a second member number to the owner of the phone', async () => {
    await chain.record([chain.sale(1, { memberNo: 'M1', phone: PHONE.value })]);
    const sale = chain.sale(2, { memberNo: 'M2', phone: PHONE.value });
    expect(await chain.record([sale])).toMatchObject({ purchases: 1, rejectedLinks: 1 });
    await chain.record([sale]);
    expect(await chain.bought(MEMBER)).toEqual(['1']);
    expect(await chain.bought(OTHER_MEMBER)).toEqual(['2']);
    expect((await chain.of(OTHER_MEMBER))?.conflicts).toHaveLength(1);
  });

  it('keeps a second phone under a member number apart, for review (P3)', async () => {
    const phones = Array.from({ length: 4 }, (_, index) => `+861380013800${index}`);
    const sales = phones.map((phone, index) => chain.sale(index, { memberNo: 'M1', phone }));
    expect(await chain.record(sales)).toMatchObject({ purchases: 4, rejectedLinks: 3 });
    await chain.record(sales);
    const member = await chain.of(MEMBER);
    expect(member?.links).toMatchObject([MEMBER, { kind: 'phone', value: phones[0] }]);
    expect(member?.conflicts).toHaveLength(3);
    expect(await Array.fromAsync(chain.people.conflicts())).toHaveLength(3);
    await chain.record([chain.sale(9, { phone: phones[1] ?? '' })]);
    expect(await chain.bought({ kind: 'phone', value: phones[1] ?? '' })).toEqual(['9']);
    expect(await chain.bought(MEMBER)).toEqual(['0', '1', '2', '3']);
  });

  it('gives way to a concurrent link of the phone, and records the conflict', async () => {
    await chain.record([chain.sale(1, { memberNo: 'M1' })]);
    const people = {
      ...chain.people,
      async link(...args: Parameters<typeof chain.people.link>) {
        await chain.record([chain.sale(9, { phone: PHONE.value })]);
        return chain.people.link(...args);
      },
    };
    const sale = chain.sale(2, { memberNo: 'M1', phone: PHONE.value });
    expect(await chain.record([sale], { people })).toMatchObject({ rejectedLinks: 1 });
    expect((await chain.of(PHONE))?.conflicts).toHaveLength(1);
  });
});

describe('a number that identifies no customer', () => {
  it.each(['0000', '无', '-', 'null', '1.00023E+11', '888888'])(
    'is not the member number of every sale of a till: %s (P3)',
    async (memberNo) => {
      const sales = [chain.sale(1, { memberNo }), chain.sale(2, { memberNo, phone: PHONE.value })];
      expect(await chain.record(sales)).toMatchObject({ purchases: 1, unreadable: 2 });
      expect(await chain.bought(PHONE)).toEqual(['2']);
      expect(await chain.people.find({ kind: 'member', value: memberNo })).toBeUndefined();
    },
  );

  it('is not the phone of sixty customers, of one digit (P4)', async () => {
    const sales = Array.from({ length: 60 }, (_, index) => chain.sale(index, { phone: '+8613888888888' }));
    expect(await chain.record(sales)).toMatchObject({ purchases: 0, unreadable: 60 });
    expect(chain.items.rows.size).toBe(0);
  });

  it('has more purchases on a day than a person can make, and no member inherits them (P4)', async () => {
    const sales = Array.from({ length: 60 }, (_, index) => chain.sale(index, { phone: PHONE.value }));
    const record = await chain.record(sales);
    expect(record).toMatchObject({ purchases: PURCHASES_A_DAY_LIMIT, overused: 60 - PURCHASES_A_DAY_LIMIT });
    expect(await chain.record(sales)).toEqual(record);
    await chain.record([chain.sale(99, { memberNo: 'M1', phone: PHONE.value })]);
    expect(await chain.bought(MEMBER)).toEqual(['99']);
    expect((await chain.of(MEMBER))?.links).toMatchObject([MEMBER]);
  });

  it('is used in more stores on a day than a person can visit (P4)', async () => {
    const stores = Array.from({ length: 8 }, (_, index) => `st${index}` as StoreId);
    const sales = stores.map((storeId) => chain.sale(1, { phone: PHONE.value, storeId }));
    const cityOf = async () => SZ01.cityId;
    const recorded = [];
    for (const sale of sales) recorded.push(await chain.record([sale], { cityOf }));
    expect(recorded.map(({ purchases }) => purchases)).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  });

  it('is a customer’s again on another day', async () => {
    const sales = Array.from({ length: 12 }, (_, index) => chain.sale(index, { memberNo: 'M1' }));
    await chain.record(sales);
    const closedAt = { instantMs: minute(60 * 48), offsetMinutes: 480 };
    await chain.record([chain.sale(50, { memberNo: 'M1', businessDay: november(24), closedAt })]);
    expect(await chain.bought(MEMBER)).toHaveLength(PURCHASES_A_DAY_LIMIT + 1);
  });
});

describe('a receipt delivered with two bodies', () => {
  it('is counted by its first body, and creates no customer from the second', async () => {
    await chain.record([
      chain.sale(1, { memberNo: 'M1' }),
      chain.sale(1, { phone: PHONE.value }),
      chain.sale(1, { memberNo: 'M1', closedAt: { instantMs: minute(99), offsetMinutes: 480 } }),
    ]);
    expect(await chain.bought(MEMBER)).toEqual(['1']);
    expect(await chain.people.find(PHONE)).toBeUndefined();
    const again = [chain.sale(2, { phone: PHONE.value }), chain.sale(1, { phone: PHONE.value })];
    expect(await chain.record(again)).toMatchObject({ purchases: 1, unclaimed: 1 });
    expect(await chain.bought(PHONE)).toEqual(['2']);
  });
});

describe('an erased person', () => {
  it('is not created again by a redelivered receipt, but by a new purchase', async () => {
    const sale = chain.sale(1, { memberNo: 'M1', phone: PHONE.value });
    await chain.record([sale]);
    await chain.people.remove(personAt(1));
    expect(await chain.record([sale])).toMatchObject({ purchases: 0, unclaimed: 1 });
    expect(await chain.people.find(MEMBER)).toBeUndefined();
    expect(await chain.people.find(PHONE)).toBeUndefined();
    await chain.record([chain.sale(2, { memberNo: 'M1' })]);
    expect(await chain.bought(MEMBER)).toEqual(['2']);
  });
});

const M1 = visitorOfUser(memberUserId('member', 'M1') ?? '');

/** Returns a visit from minute `from` to minute `to`, as a revision carries it. */
const visitAt = (
  number: number,
  from: number,
  to: number,
  more: Partial<VisitSummary> = {},
): VisitSummary => ({
  number,
  firstSeenAt: { instantMs: minute(from), offsetMinutes: 480 },
  lastSeenAtMs: minute(to),
  isClosed: true,
  isStaff: false,
  isAssisted: false,
  frequency: 'first',
  zones: [],
  ...more,
});

const revisionOf = (revision: number, after: readonly VisitSummary[], visitorId: VisitorId = M1) =>
  chain.recordOf(
    visitRevisionEvent({
      ...{ storeId: SZ01.storeId, day: november(22), visitorId, kind: 'closed', revision },
      before: [visitAt(1, 0, 1)],
      after,
    }),
  );

describe('a visit of a member', () => {
  const visits = async (identifier = MEMBER) =>
    (await chain.of(identifier))?.visits.map(({ firstSeenAtMs, lastSeenAtMs }) => [
      firstSeenAtMs,
      lastSeenAtMs,
    ]);

  it('is stored for the member, with or without a purchase', async () => {
    expect(await chain.record([revisionOf(1, [visitAt(1, 0, 9), visitAt(2, 60, 61)])])).toMatchObject({
      visitorDays: 1,
    });
    expect(await visits()).toEqual([
      [minute(0), minute(9)],
      [minute(60), minute(61)],
    ]);
    expect((await chain.of(MEMBER))?.links).toMatchObject([
      { source: 'visit', evidence: expect.stringContaining('sz01') },
    ]);
    await chain.record([chain.sale(1, { memberNo: 'M1' })]);
    expect(await visits()).toHaveLength(2);
    expect(await chain.bought(MEMBER)).toEqual(['1']);
  });

  it('is stored as its last revision says, in whatever order the revisions arrive', async () => {
    expect(await chain.record([revisionOf(3, []), revisionOf(2, [visitAt(1, 0, 5)])])).toMatchObject({
      visitorDays: 1,
    });
    expect(await visits()).toEqual([]);
    const late = [revisionOf(4, [visitAt(1, 0, 7)]), revisionOf(1, [visitAt(1, 0, 1)])];
    expect(await chain.record(late)).toMatchObject({ visitorDays: 1 });
    expect(await visits()).toEqual([[minute(0), minute(7)]]);
    await chain.record([revisionOf(4, [visitAt(1, 0, 7)])]);
    expect(await visits()).toEqual([[minute(0), minute(7)]]);
  });

  it('is not stored for visitors, tracks or staff, nor for members seen as staff', async () => {
    const others = [
      visitorOfUser('v.ann'),
      'track.cam1.1' as VisitorId,
      visitorOfUser('s.7'),
      visitorOfUser('m.:zz'),
    ];
    await chain.record(others.map((visitor) => revisionOf(1, [visitAt(1, 0, 1)], visitor)));
    expect(chain.items.rows.size).toBe(0);
    await chain.record([revisionOf(1, [visitAt(1, 0, 1, { isStaff: true }), visitAt(2, 60, 61)])]);
    expect(await visits()).toEqual([[minute(60), minute(61)]]);
  });

  it('is found by member numbers with any characters', async () => {
    const odd: Identifier = { kind: 'member', value: '会员 7:a' };
    await chain.record([
      revisionOf(1, [visitAt(1, 0, 1)], visitorOfUser(memberUserId('member', odd.value) ?? '')),
    ]);
    expect(await visits(odd)).toHaveLength(1);
  });
});

describe('other records', () => {
  it('are skipped: other events, unreadable bytes, and receipts under another store’s key', async () => {
    const sale = chain.sale(1, { memberNo: 'M1' });
    const known = await chain.record([
      chain.recordOf(recountRequested(SZ01.storeId, november(22), 'r', 't', 's')),
      { ...sale, bytes: Buffer.from('{') },
      { ...sale, key: 'sz02' },
    ]);
    expect(known).toMatchObject({ purchases: 0, failures: [] });
    expect(chain.items.rows.size).toBe(0);
  });
});

describe('a store that fails', () => {
  it('does not block the others, and reports the sequence to retry from', async () => {
    const batch = [
      chain.sale(1, { memberNo: 'M2', storeId: SZ02.storeId }),
      chain.sale(1, { memberNo: 'M1' }),
      chain.sale(2, { memberNo: 'M2', storeId: SZ02.storeId }),
    ];
    const people = {
      ...chain.people,
      addPurchase: async (...args: Parameters<typeof chain.people.addPurchase>) => {
        if (args[1].storeId === SZ02.storeId) throw new Error('throttled');
        return chain.people.addPurchase(...args);
      },
    };
    const known = await chain.record(batch, { people });
    expect(known).toMatchObject({ purchases: 1, failures: [{ sequence: sequenceAt(1) }] });
    expect((await chain.record(batch)).failures).toEqual([]);
    expect(await chain.bought(OTHER_MEMBER)).toEqual(['1', '2']);
  });
});

describe('the customer projection', () => {
  const story = () => [
    chain.sale(1, { memberNo: 'M1' }),
    chain.sale(2, { phone: PHONE.value }),
    chain.sale(3, { memberNo: 'M1', phone: PHONE.value }),
    chain.sale(4, { memberNo: 'M2', phone: OTHER_PHONE.value }),
    revisionOf(1, [visitAt(1, 0, 1)]),
    revisionOf(2, [visitAt(1, 0, 5)]),
  ];

  it('stores everything once, though it may crash at any write', async () => {
    await chain.record(story());
    const expected = await chain.portrait();
    for (const isDone of [false, true]) {
      for (let fatal = 1; ; fatal++) {
        expect(fatal).toBeLessThan(100);
        chain = world();
        let writes = 0;
        const mayDie = async <Result>(write: () => Promise<Result>): Promise<Result> => {
          writes += 1;
          if (writes > fatal || (writes === fatal && !isDone)) throw new Error('crash');
          const result = await write();
          if (writes === fatal) throw new Error('crash');
          return result;
        };
        const { items } = chain;
        const dying: Items = {
          ...items,
          put: (item, condition) => mayDie(() => items.put(item, condition)),
          delete: (key, condition) => mayDie(() => items.delete(key, condition)),
        };
        const batch = story();
        const { failures } = await chain.record(batch, { people: personStoreOn(dying) });
        if (failures.length > 0) expect((await chain.record(batch)).failures).toEqual([]);
        expect({ fatal, isDone, portrait: await chain.portrait() }).toEqual({
          ...{ fatal, isDone, portrait: expected },
        });
        if (failures.length === 0) break;
      }
    }
  });

  it('stores the same purchases and visits in any order, batching and repetition', async () => {
    const receipts = fc.array(
      fc.record({
        member: fc.integer({ min: 1, max: 3 }),
        hasPhone: fc.boolean(),
        store: fc.constantFrom(SZ01.storeId, SZ02.storeId),
        quantity: fc.constantFrom(-1, 1, 3),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const cuts = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 6 });
    const asKey = fc.infiniteStream(fc.integer());
    await fc.assert(
      fc.asyncProperty(receipts, cuts, asKey, async (all, plan, keys) => {
        chain = world();
        const batch = [
          ...all.map(({ member, hasPhone, store, quantity }, index) =>
            chain.sale(index, {
              memberNo: `M${member}`,
              storeId: store,
              lines: [lineOf({ quantity })],
              ...(hasPhone ? { phone: `+861380013800${member}` } : {}),
            }),
          ),
          ...[1, 2, 3].map((revision) => revisionOf(revision, [visitAt(1, 0, revision)])),
        ];
        await chain.record(batch);
        const expected = await chain.portrait();
        chain = world();
        const shuffled = batch
          .map((record) => ({ record, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);
        for (const [from, to] of plan)
          await chain.record(shuffled.slice(Math.min(from, to), Math.max(from, to)));
        await chain.record(shuffled);
        await chain.record(shuffled);
        expect(await chain.portrait()).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
