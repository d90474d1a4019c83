import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isFact, parseEvent } from '#contracts/events/parse-event.ts';
import { additionsOfDay, factOf } from '#functions/count-events/fact-of-event.ts';

const fixture = (file: string): Array<{ data: object }> =>
  JSON.parse(readFileSync(new URL(`../../contracts/events/fixtures/${file}`, import.meta.url), 'utf8'));

const factsIn = (file: string) =>
  fixture(file).map((event) => {
    const parsed = parseEvent(Buffer.from(JSON.stringify(event)));
    if (parsed.kind !== 'event' || !isFact(parsed.event)) throw new Error(`${file} holds no fact`);
    return { event, fact: factOf(parsed.event) };
  });

describe('a fact', () => {
  it.each(['receipt.closed.1.json', 'visit.opened.1.json', 'visit.closed.1.json', 'passage.recorded.1.json'])(
    'is stored unchanged, and adds the same in a recount: %s',
    (file) => {
      for (const { event, fact } of factsIn(file)) {
        expect(JSON.parse(fact.data)).toEqual(event.data);
        expect(fact.cells()).not.toEqual([]);
        const [stored] = additionsOfDay([{ ...fact, sequence: '1', arrivedAtMs: 1 }]);
        expect(stored?.cells).toEqual(fact.cells());
      }
    },
  );

  it.each([
    ['receipt.closed.1.json', /^RECEIPT#[^#]+#[^#]+$/],
    ['visit.closed.1.json', /^VISIT#(?:user\.v\.8f3a#0{15}2|track\.xovis-1\.17#0{15}3)$/],
    ['passage.recorded.1.json', /^PASSAGE#door-1#2026-11-22T02:00:00\.000Z$/],
  ])('has a name that begins with its kind: %s', (file, name) => {
    for (const { fact } of factsIn(file)) expect(fact.name).toMatch(name);
  });

  it('is the same with additional fields and in any order of fields', () => {
    const [first] = factsIn('visit.closed.1.json');
    const shuffled = {
      ...first?.event,
      data: Object.fromEntries(Object.entries({ ...first?.event.data, more: 1 }).reverse()),
    };
    const parsed = parseEvent(Buffer.from(JSON.stringify(shuffled)));
    if (parsed.kind !== 'event' || !isFact(parsed.event)) throw new Error('no fact');
    expect(factOf(parsed.event).data).toBe(first?.fact.data);
  });

  it('throws for a stored fact of an unknown kind', () => {
    const fact = { name: 'SALE#1', data: '{}', sequence: '1', arrivedAtMs: 1 };
    expect(() => additionsOfDay([fact])).toThrow(/unknown kind/);
  });
});
