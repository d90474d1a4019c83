/** A members import may be stopped or killed anywhere, and creates every member once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Items } from '#adapters/dynamodb/person-items.ts';
import { personStoreOn } from '#adapters/dynamodb/person-store.ts';
import type { Checkpoints } from '#tools/import/checkpoint.ts';
import type { Row } from '#tools/import/csv-stream.ts';
import { columnsOf, sharedNumbersOf } from '#tools/members/columns.ts';
import { importMembers } from '#tools/members/import-members.ts';
import type { MembersImportState } from '#tools/members/import-state.ts';
import { memoryItems } from '../../support/memory-person-store.ts';
import { personAt } from '../../support/people.ts';

const HEADER = ['memberNo', 'phone', 'consent.push', 'consent.push.at'];
const FORMAT = {
  columns: columnsOf(HEADER, 'members.csv'),
  country: 'CN',
  timeZone: 'Asia/Shanghai',
  nowMs: Date.UTC(2026, 10, 22),
};

function world(rows: ReadonlyArray<readonly string[]>) {
  const items = memoryItems();
  let saved: MembersImportState | undefined;
  let rejects = '';
  let made = 0;
  let nowMs = 0;
  const checkpoints: Checkpoints<MembersImportState> = {
    load: () => saved,
    save: (state) => {
      saved = state;
    },
    remove: () => {
      saved = undefined;
    },
  };
  async function* read(): AsyncGenerator<Row> {
    for (const [index, cells] of rows.entries()) yield { number: index + 1, line: index + 2, cells };
  }
  return {
    items,
    rejects: () => rejects,
    checkpoint: () => saved,
    async run(more: { items?: Items; stop?: AbortSignal } = {}) {
      rejects = rejects.slice(0, saved?.rejectsBytes ?? 0);
      return await importMembers(
        {
          rows: read(),
          format: FORMAT,
          sharedNumbers: await sharedNumbersOf(read(), FORMAT),
          fileName: 'members.csv',
          people: personStoreOn(more.items ?? items),
          newPersonId: () => personAt(++made),
          checkpoints,
          reject: (line) => {
            rejects += line;
            return line.length;
          },
          stop: more.stop ?? new AbortController().signal,
          // A fast clock saves a checkpoint after every batch, so a run may be stopped anywhere.
          nowMs: () => (nowMs += 10_000),
          onState: () => {},
        },
        saved,
      );
    },
    /** Identifiers and consents of all customers, without their ids. */
    async snapshot(): Promise<unknown> {
      const people = personStoreOn(items);
      const ids = [...items.rows.values()].filter(({ sk }) => sk === 'PERSON').map(({ pk }) => pk.slice(7));
      const customers = await Promise.all(
        ids.map(async (id) => {
          const person = await people.load(id as ReturnType<typeof personAt>);
          const links = person?.links
            .map(({ kind, value, evidence }) => `${kind} ${value} ${evidence}`)
            .sort();
          return JSON.stringify([links, person?.consents]);
        }),
      );
      return customers.sort();
    },
  };
}

const row = fc
  .record({
    member: fc.constantFrom('', 'M1', 'M2', 'M3', 'M#'),
    phone: fc.constantFrom('', '13800138000', '13900139000', '12'),
    proof: fc.constantFrom('', 'form 1', 'yes'),
    at: fc.constantFrom('', '2026-01-02', '2026-03-04 10:00'),
  })
  .map(({ member, phone, proof, at }) => [member, phone, proof, at]);

describe('importMembers', () => {
  it('resumes after a stop, and reaches the same result', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => [
      `M${index}`,
      index % 7 === 0 ? '12' : '',
      '',
      '',
    ]);
    const whole = world(rows);
    const { state } = await whole.run();
    expect(state).toMatchObject({ rows: 100, created: 85, existing: 0, refused: 15 });
    const stopped = world(rows);
    const stop = new AbortController();
    const people = stopped.items;
    const items: Items = {
      ...people,
      async put(item, condition) {
        if (item.pk.includes('M40')) stop.abort();
        return people.put(item, condition);
      },
    };
    expect(await stopped.run({ items, stop: stop.signal })).toMatchObject({
      isComplete: false,
      state: { rowsDone: 64 },
    });
    expect(stopped.checkpoint()?.rowsDone).toBe(64);
    expect(await stopped.run()).toEqual({ isComplete: true, state });
    expect(stopped.checkpoint()).toBeUndefined();
    expect(stopped.rejects()).toBe(whole.rejects());
    expect(await stopped.snapshot()).toEqual(await whole.snapshot());
  });

  it('reaches the same result after crashes before or after any write, and when it is run again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 }),
        fc.boolean(),
        async (rows, crashes, isDone) => {
          const whole = world(rows);
          const { state } = await whole.run();
          expect(state.created + state.existing + state.refused).toBe(rows.length);
          const crashing = world(rows);
          let isOver = false;
          for (const fatal of crashes) {
            if (isOver) break;
            let writes = 0;
            const mayCrash = async <Result>(write: () => Promise<Result>): Promise<Result> => {
              writes += 1;
              if (writes > fatal || (writes === fatal && !isDone)) throw new Error('crash');
              const result = await write();
              if (writes === fatal) throw new Error('crash');
              return result;
            };
            const items: Items = {
              ...crashing.items,
              put: (item, condition) => mayCrash(() => crashing.items.put(item, condition)),
              delete: (key, condition) => mayCrash(() => crashing.items.delete(key, condition)),
            };
            isOver = await crashing.run({ items }).then(
              () => true,
              () => false,
            );
          }
          if (!isOver) await crashing.run();
          expect(await crashing.snapshot()).toEqual(await whole.snapshot());
          expect(crashing.rejects()).toBe(whole.rejects());
          await crashing.run();
          expect(await crashing.snapshot()).toEqual(await whole.snapshot());
        },
      ),
      { numRuns: 100 },
    );
  });
});
