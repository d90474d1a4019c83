import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Items } from '#adapters/dynamodb/person-items.ts';
import { dynamoPersonStore, personStoreOn } from '#adapters/dynamodb/person-store.ts';
import type { PersonStore } from '#application/ports/person-store.ts';
import { describePersonStore } from '../../support/describe-person-store.ts';
import { memoryItems } from '../../support/memory-person-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';
import { boughtOf, consentOf, linkEvidence, MEMBER, PHONE, personAt, seenOf } from '../../support/people.ts';
import { minute } from '../../support/sightings.ts';

/** A row as text, in any field order of the server. */
const textOf = (row: object): string =>
  JSON.stringify(Object.entries(row).sort(), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );

describePersonStore('in memory', async () => {
  const items = memoryItems();
  return { people: personStoreOn(items), rows: async () => [...items.rows.values()].map(textOf) };
});

onEveryEngine((name, newTable) =>
  describePersonStore(name, async () => {
    const { client, table } = await newTable();
    return {
      people: dynamoPersonStore(client, table),
      rows: async () => {
        const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
        return Items.map(textOf);
      },
    };
  }),
);

/** A table whose n-th write is the last: it fails before or after it is done. */
function mortal(items: Items, fatal: number, isDone: boolean) {
  let writes = 0;
  const mayDie = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    writes += 1;
    if (writes > fatal || (writes === fatal && !isDone)) throw new Error('crash');
    const result = await write();
    if (writes === fatal) throw new Error('crash');
    return result;
  };
  const dying: Items = {
    ...items,
    put: (item, condition) => mayDie(() => items.put(item, condition)),
    delete: (key, condition) => mayDie(() => items.delete(key, condition)),
  };
  return { items: dying, hasDied: () => writes >= fatal };
}

const WRITES_MAX = 60;

/** Runs an action on a store that crashes at each write, and again on a working one; the rows must be as without a crash. */
async function dieEverywhere(
  before: (people: PersonStore) => Promise<unknown>,
  work: (people: PersonStore) => Promise<unknown>,
): Promise<void> {
  const rowsAfter = async (fatal: number, isDone: boolean) => {
    const items = memoryItems();
    await before(personStoreOn(items));
    const dying = mortal(items, fatal, isDone);
    await work(personStoreOn(dying.items)).catch(() => undefined);
    if (dying.hasDied()) await work(personStoreOn(items));
    return { rows: [...items.rows.values()].map(textOf).sort(), hasDied: dying.hasDied() };
  };
  const { rows: expected } = await rowsAfter(WRITES_MAX, false);
  for (const isDone of [false, true]) {
    for (let fatal = 1; ; fatal++) {
      expect(fatal).toBeLessThan(WRITES_MAX);
      const { rows, hasDied } = await rowsAfter(fatal, isDone);
      expect({ fatal, isDone, rows }).toEqual({ fatal, isDone, rows: expected });
      if (!hasDied) break;
    }
  }
}

describe('a person store whose writer crashes at any write', () => {
  const ann = (people: PersonStore) => people.bind(MEMBER, linkEvidence(), personAt(1));

  it('completes a person at the next access, even a read', async () => {
    await dieEverywhere(async () => {}, ann);
    for (const isDone of [false, true]) {
      for (let fatal = 1; fatal <= 4; fatal++) {
        const items = memoryItems();
        await ann(personStoreOn(mortal(items, fatal, isDone).items)).catch(() => undefined);
        const people = personStoreOn(items);
        const found = await people.find(MEMBER);
        const isFounded = fatal > 1 || isDone;
        expect(found).toBe(isFounded ? personAt(1) : undefined);
        if (isFounded)
          expect((await people.load(personAt(1)))?.links).toEqual([{ ...MEMBER, ...linkEvidence() }]);
        else expect(items.rows.size).toBe(0);
      }
    }
  });

  it('stores a link, a purchase, a consent and the visits of a day once', async () => {
    await dieEverywhere(ann, (people) => people.link(personAt(1), { ...PHONE, ...linkEvidence() }));
    await dieEverywhere(ann, (people) => people.addPurchase(personAt(1), boughtOf()));
    await dieEverywhere(ann, (people) => people.addConsent(personAt(1), consentOf()));
    await dieEverywhere(ann, (people) => people.putVisits(personAt(1), seenOf(3, 2)));
  });

  it('stores an identity conflict with both customers', async () => {
    const both = async (people: PersonStore) => {
      await ann(people);
      await people.bind(PHONE, linkEvidence(), personAt(2));
    };
    const doubt = {
      other: personAt(2),
      kind: 'phone',
      source: 'till',
      evidence: 'r',
      atMs: minute(1),
    } as const;
    await dieEverywhere(both, (people) => people.addDoubt(personAt(1), doubt));
  });

  it('erases a person completely when the erasure is run again', async () => {
    const known = async (people: PersonStore) => {
      await ann(people);
      await people.bind({ kind: 'member', value: 'M2' }, linkEvidence(), personAt(2));
      await people.link(personAt(1), { ...PHONE, ...linkEvidence() });
      await people.addPurchase(personAt(1), boughtOf());
      await people.putVisits(personAt(1), seenOf(1, 1));
      const doubt = {
        other: personAt(2),
        kind: 'phone',
        source: 'till',
        evidence: 'r',
        atMs: minute(1),
      } as const;
      await people.addDoubt(personAt(1), doubt);
    };
    await dieEverywhere(known, (people) => people.remove(personAt(1)));
  });
});

describe('a writer during the erasure of a person', () => {
  /** Erases the person before the n-th call of the writer to the table. */
  async function rowsWhenErasedAt(place: number, write: (people: PersonStore) => Promise<unknown>) {
    const items = memoryItems();
    const people = personStoreOn(items);
    await people.bind(MEMBER, linkEvidence(), personAt(1));
    let calls = 0;
    const first = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      calls += 1;
      if (calls === place) await people.remove(personAt(1));
      return call();
    };
    const watched: Items = {
      ...items,
      get: (key) => first(() => items.get(key)),
      put: (item, condition) => first(() => items.put(item, condition)),
      delete: (key, condition) => first(() => items.delete(key, condition)),
    };
    await write(personStoreOn(watched));
    if (calls < place) await people.remove(personAt(1));
    return { isOver: calls < place, rows: [...items.rows.values()].map(textOf) };
  }

  it.each<[string, (people: PersonStore) => Promise<unknown>]>([
    ['a link', (people) => people.link(personAt(1), { ...PHONE, ...linkEvidence() })],
    ['a consent', (people) => people.addConsent(personAt(1), consentOf())],
    ['a purchase', (people) => people.addPurchase(personAt(1), boughtOf())],
    ['visits', (people) => people.putVisits(personAt(1), seenOf(1, 1))],
  ])('leaves nothing of them behind: %s', async (_, write) => {
    for (let place = 1; ; place++) {
      expect(place).toBeLessThan(WRITES_MAX);
      const { isOver, rows } = await rowsWhenErasedAt(place, write);
      const traces = rows.filter((row) => [personAt(1), PHONE.value].some((trace) => row.includes(trace)));
      expect({ place, traces }).toEqual({ place, traces: [] });
      if (isOver) break;
    }
  });
});
