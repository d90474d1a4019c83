import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_ERRORS_MAX, pointerOf, problem } from '#contracts/http/problems.ts';

describe('pointerOf', () => {
  it('returns a URI fragment of bounded length for any path, broken Unicode included', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(), fc.string({ unit: 'binary', maxLength: 200 }))), (path) => {
        const pointer = pointerOf(path);
        expect(pointer).toMatch(/^#(\/[A-Za-z0-9\-_.!~*'()%]*)*$/);
        expect(pointer.split('/').length - 1).toBe(path.length);
      }),
    );
    expect(pointerOf(['\ud800'])).toBe('#/%EF%BF%BD');
    expect(pointerOf(['x'.repeat(1_000_000)]).length).toBeLessThan(100);
  });

  it('escapes slashes, tildes and non-ASCII characters', () => {
    expect(pointerOf([])).toBe('#');
    expect(pointerOf(['receipts', 3, 'a/b~c', '深'])).toBe('#/receipts/3/a~1b~0c/%E6%B7%B1');
  });
});

describe('a problem', () => {
  const faults = (count: number) =>
    Array.from({ length: count }, () => ({ pointer: '#', detail: 'is wrong' }));

  it('lists a hundred field errors and counts the others', () => {
    expect(problem(400, 'x', 'y', faults(FIELD_ERRORS_MAX)).errors).toHaveLength(FIELD_ERRORS_MAX);
    const cut = problem(400, 'x', 'y', faults(FIELD_ERRORS_MAX + 7)).errors;
    expect(cut).toHaveLength(FIELD_ERRORS_MAX + 1);
    expect(cut?.at(-1)?.detail).toBe('and 7 more errors');
    expect(problem(400, 'x', 'y', faults(3), 2).errors).toHaveLength(3);
  });

  it('has a type of its own and the title of its status', () => {
    expect(problem(413, 'too-large', 'Send less.')).toEqual({
      type: 'urn:aisle:problem:too-large',
      title: 'Content Too Large',
      status: 413,
      detail: 'Send less.',
    });
  });
});
