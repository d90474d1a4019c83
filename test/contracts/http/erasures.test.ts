/** The message and the response of an erasure: parsed by the sender and by the receiver. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ErasureResponse, ErasureWork } from '#contracts/http/erasures.ts';
import { mergeIdentifiers, TRACE_KINDS } from '#domain/people/erasure/personal-identifiers.ts';
import { anyErasure } from '../../support/erasure-contracts.ts';

describe('the message of an erasure', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(anyErasure.work, (work) => {
        const sent = v.parse(ErasureWork, work);
        expect(v.parse(ErasureWork, JSON.parse(JSON.stringify(sent)))).toEqual(sent);
      }),
    );
  });

  it('rejects invalid ids and unknown kinds of identifiers', () => {
    const work = { erasure: `e.${'0'.repeat(26)}`, person: `p.${'0'.repeat(26)}`, round: 0 };
    expect(v.is(ErasureWork, work)).toBe(true);
    expect(v.is(ErasureWork, { ...work, known: mergeIdentifiers({ phone: ['+8613800138000'] }) })).toBe(true);
    const { face: _, ...lacking } = mergeIdentifiers();
    for (const wrong of [
      { ...work, person: 'p.1' },
      { ...work, erasure: work.person },
      { ...work, round: -1 },
      { ...work, more: 1 },
      { ...work, known: lacking },
      { ...work, known: { ...mergeIdentifiers(), name: ['Ann'] } },
    ])
      expect(v.is(ErasureWork, wrong)).toBe(false);
    expect(Object.keys(ErasureWork.entries.known.wrapped.entries)).toEqual([...TRACE_KINDS]);
  });
});

describe('the response of an erasure', () => {
  it('drops every field that could identify a customer', () => {
    fc.assert(
      fc.property(anyErasure.answer, (answer) => {
        const response = v.parse(ErasureResponse, answer);
        expect(v.parse(ErasureResponse, JSON.parse(JSON.stringify(response)))).toEqual(response);
        const named = v.parse(ErasureResponse, { ...answer, person: 'p.x', phone: '+86' });
        expect(named).toEqual(response);
      }),
    );
  });
});
