import { beforeEach, describe, expect, it } from 'vitest';
import { openConflicts, settleConflicts } from '#application/customers/settle-conflicts.ts';
import { type MemoryPersonStore, memoryPersonStore } from '../../support/memory-person-store.ts';
import { boughtOf, linkEvidence, MEMBER, PHONE, personAt } from '../../support/people.ts';
import { minute } from '../../support/sightings.ts';

/** A bought at the till by phone; the app gave B a member number; the register says that B has the phone of A. */
const [A, B] = [personAt(1), personAt(2)];
const SAME = { decision: 'same', author: 'ho', atMs: minute(90) } as const;
const DIFFERENT = { ...SAME, decision: 'different' } as const;

let people: MemoryPersonStore;
beforeEach(async () => {
  people = memoryPersonStore();
  await people.bind(PHONE, linkEvidence(), A);
  await people.addPurchase(A, boughtOf());
  await people.bind(MEMBER, linkEvidence({ source: 'app', linkedAtMs: minute(5) }), B);
  await people.addDoubt(B, {
    ...{ other: A, kind: 'phone', source: 'import', evidence: 'm.csv, line 2', atMs: minute(9) },
  });
});

describe('a conflict between two customers', () => {
  it('is listed with the numbers and purchases of both, to be weighed (P6)', async () => {
    expect(await openConflicts(people, 10)).toEqual([
      {
        ...{ kind: 'phone', source: 'import', evidence: 'm.csv, line 2', atMs: minute(9) },
        people: [
          {
            ...{ personId: A, createdAtMs: minute(0), purchases: 1, visits: 0 },
            links: [{ ...PHONE, source: 'till' }],
          },
          {
            ...{ personId: B, createdAtMs: minute(5), purchases: 0, visits: 0 },
            links: [{ ...MEMBER, source: 'app' }],
          },
        ],
      },
    ]);
    expect(await openConflicts(people, 0)).toEqual([]);
  });

  it('makes the two one who has bought before, if they are the same person (P6)', async () => {
    expect(await settleConflicts(people, [B, A], SAME)).toEqual({
      ...{ kind: 'settled', conflicts: 1, personId: A },
    });
    for (const id of [A, B]) {
      const one = await people.load(id);
      expect(one?.personId).toBe(A);
      expect(one?.purchases).toHaveLength(1);
      expect(one?.links).toMatchObject([PHONE, MEMBER]);
    }
    expect(await people.find(MEMBER)).toBe(A);
    expect(await openConflicts(people, 10)).toEqual([]);
    expect(await settleConflicts(people, [A, B], SAME)).toEqual({ kind: 'unknown' });
  });

  it('leaves the two as they are, and is not proposed again, if they are different people (P6)', async () => {
    expect(await settleConflicts(people, [A, B], DIFFERENT)).toEqual({ kind: 'settled', conflicts: 1 });
    expect((await people.load(B))?.purchases).toEqual([]);
    await people.addDoubt(B, {
      ...{ other: A, kind: 'phone', source: 'import', evidence: 'm.csv, line 3', atMs: minute(99) },
    });
    expect(await openConflicts(people, 10)).toEqual([]);
  });

  it('is completed by repeating it after a crash between the merge and the settlement', async () => {
    const dying = {
      ...people,
      settleConflict: async () => {
        throw new Error('crash');
      },
    };
    await expect(settleConflicts(dying, [A, B], SAME)).rejects.toThrow('crash');
    expect(await settleConflicts(people, [A, B], SAME)).toEqual({
      ...{ kind: 'settled', conflicts: 1, personId: A },
    });
  });

  it('is unknown between others, and with a customer who was erased', async () => {
    expect(await settleConflicts(people, [A, personAt(3)], SAME)).toEqual({ kind: 'unknown' });
    await people.bind({ kind: 'member', value: 'M9' }, linkEvidence(), personAt(3));
    expect(await settleConflicts(people, [A, personAt(3)], SAME)).toEqual({ kind: 'unknown' });
    await people.remove(B);
    expect(await settleConflicts(people, [A, B], SAME)).toEqual({ kind: 'unknown' });
    expect(await openConflicts(people, 10)).toEqual([]);
  });

  it('is settled with the record that goes on, where the other one was merged', async () => {
    await people.bind(
      { kind: 'phone', value: '+8613900139001' },
      linkEvidence({ linkedAtMs: minute(7) }),
      personAt(3),
    );
    await people.addDoubt(personAt(3), {
      ...{ other: B, kind: 'member', source: 'till', evidence: 'r', atMs: minute(10) },
    });
    await settleConflicts(people, [A, B], SAME);
    expect(await settleConflicts(people, [A, personAt(3)], SAME)).toMatchObject({ personId: A });
    expect(await people.idsOf(personAt(3))).toEqual([A, B, personAt(3)]);
  });
});
