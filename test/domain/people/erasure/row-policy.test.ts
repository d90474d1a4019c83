/** The action of an erasure for each kind of row. */
import { describe, expect, it } from 'vitest';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { receiptClosed } from '#contracts/events/receipt-closed.ts';
import { sightingRecorded } from '#contracts/events/sighting-recorded.ts';
import { visitRevisionEvent } from '#contracts/events/visit-revised.ts';
import { visitorsMerged } from '#contracts/events/visitor-merged.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import { mergeIdentifiers } from '#domain/people/erasure/personal-identifiers.ts';
import {
  actionFor,
  type ErasureAction,
  type ErasureContext,
  TABLES,
  type TableName,
} from '#domain/people/erasure/row-policy.ts';
import type { TableRow } from '#domain/people/erasure/table-row.ts';
import { createTraceFinder } from '#domain/people/erasure/trace-finder.ts';
import { summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { november, SZ01 } from '../../../support/chain.ts';
import { receiptOf } from '../../../support/receipts.ts';
import { held, keyOf, sightingOf, stayOf } from '../../../support/sightings.ts';

const ANN = 'p.0000000000000000000000000a';
const ARN = 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/6d2c';
const VISITOR = 'user.m.M-100017' as VisitorId;
const KNOWN = mergeIdentifiers({
  person: [ANN],
  phone: ['+8613800138000'],
  member: ['M-100017'],
  endpoint: [ARN],
  user: ['m.M-100017', 'v.was'],
  visitor: [VISITOR, 'user.v.was'],
  face: ['their-face'],
});
const NOW_MS = 1_000_000;
const context: ErasureContext = {
  identifiers: KNOWN,
  findTraces: createTraceFinder(KNOWN),
  pseudonymOf: (text) => `pseudonym${text.length}`,
  fingerprintOf: (data) => `of ${data.length}`,
  nowMs: NOW_MS,
};
const actionOf = (table: TableName, row: TableRow): ErasureAction => {
  expect(context.findTraces(row).size).toBeGreaterThan(0);
  return actionFor(table, row, context);
};
const kindsOf = (table: TableName, ...rows: TableRow[]) => rows.map((row) => actionOf(table, row).kind);
const replaced = (table: TableName, row: TableRow): TableRow => {
  const found = actionOf(table, row);
  if (found.kind !== 'replace') throw new Error(found.kind);
  expect(context.findTraces(found.by).size).toBe(0);
  return found.by;
};

describe('a row with a trace of the customer', () => {
  it('is deleted where it belongs to the customer, and never where it belongs to another one', () => {
    expect(
      kindsOf(
        'People',
        { pk: `PERSON#${ANN}`, sk: 'PERSON' },
        { pk: `PERSON#${ANN}`, sk: 'CONSENT#push#2026#yes' },
        { pk: 'IDENT#phone#+8613800138000', sk: 'IDENT', personId: ANN },
        { pk: 'PERSON#p.b', sk: `DOUBT#${ANN}#2026#phone`, other: ANN },
      ),
    ).toEqual(['remove', 'remove', 'remove', 'remove']);
    expect(
      kindsOf(
        'People',
        { pk: 'PERSON#p.b', sk: 'LINK#device#ph-2', endpointArn: ARN },
        { pk: 'PERSON#p.b', sk: 'LINK#phone#+8613800138000' },
        { pk: 'IDENT#phone#+8613800138000', sk: 'IDENT', personId: 'p.b' },
        { pk: 'PERSON#p.b', sk: 'CONSENT#push#2026#yes', proof: `said by ${ANN}` },
      ),
    ).toEqual(['others', 'none', 'none', 'none']);
    expect(replaced('People', { pk: 'RECEIPT#sz01/T1/2026-11-22/1', sk: 'RECEIPT', personId: ANN })).toEqual({
      pk: 'RECEIPT#sz01/T1/2026-11-22/1',
      sk: 'RECEIPT',
    });
    const gsi1pk = `PERSON#${ANN}`;
    expect(
      kindsOf(
        'Campaigns',
        { pk: `PUSHES#${ANN}`, sk: 'PUSHES', gsi1pk },
        { pk: 'PHONE#ph-1', sk: 'PHONE', gsi1pk, endpointArn: ARN },
        { pk: 'PHONE#ph-2', sk: 'PHONE', gsi1pk: 'PERSON#p.b', endpointArn: ARN },
        { pk: 'CAMPAIGNS', sk: 'spring', campaign: `{"audience":"\\"${ANN}\\" in buyers"}` },
        { pk: 'CAMPAIGN#spring', sk: '2026#sz01#p.b', gsi1pk: 'PERSON#p.b', decisionId: `of ${ANN}` },
      ),
    ).toEqual(['remove', 'remove', 'others', 'none', 'none']);
  });

  it('belongs to another customer only where nothing but the endpoint of a sold phone is in it', () => {
    const link = { pk: 'PERSON#p.b', sk: 'LINK#device#ph-2', endpointArn: ARN };
    expect(kindsOf('People', { ...link, proof: `said by ${ANN}` })).toEqual(['none']);
    expect(kindsOf('Campaigns', { pk: `ENDPOINT#${ARN}`, sk: 'ENDPOINT' })).toEqual(['remove']);
  });

  it('continues under a pseudonym where it is a visit revision, and says what was removed', () => {
    const data = JSON.stringify({ visitor: VISITOR, revision: 1, store: 'sz01', businessDay: '2026-11-22' });
    const fact = { pk: 'STORE#sz01#DAY#2026-11-22', sk: `VISIT#${VISITOR}#1`, data };
    expect(actionOf('Facts', fact)).toMatchObject({
      kind: 'replace',
      by: { erased: ['visitor'] },
      guard: 'seq',
    });
  });

  it('is reported where there is no policy for it', () => {
    for (const table of TABLES) {
      if (table === 'DeadLetters') continue;
      expect(kindsOf(table, { pk: 'NEW#1', sk: 'NEW', note: ANN }), table).toEqual(['none']);
    }
    const till = { pk: 'STORE#sz01#DAY#2026-11-22', sk: 'RECEIPT#T1#1' };
    const named = { lines: [{ product: 'A', name: 'for +8613800138000' }], memberNo: 'M-100017' };
    expect(
      kindsOf('Facts', { ...till, data: JSON.stringify({ ...named, lines: [{ product: ANN }] }) }),
    ).toEqual(['none']);
  });

  it('keeps time, store and reason of a decision', () => {
    const row = {
      pk: 'CAMPAIGN#spring',
      sk: `2026-11-22T02:00:00.000Z#sz01#${ANN}`,
      gsi1pk: `PERSON#${ANN}`,
      gsi1sk: 'x',
      decisionId: `spring~sz01~${ANN}~1795312800000`,
      reason: 'pushed',
      atMs: 5n,
      isHeldOut: false,
      deviceId: 'ph-1',
      token: 'TOKEN',
      clickedAtMs: 7n,
      failure: `no endpoint ${ARN}`,
      expiresAt: 9n,
    };
    expect(replaced('Campaigns', row)).toEqual({
      pk: 'CAMPAIGN#spring',
      sk: '2026-11-22T02:00:00.000Z#sz01#erased.pseudonym38',
      decisionId: 'spring~sz01~erased.pseudonym38~1795312800000',
      reason: 'pushed',
      atMs: 5n,
      isHeldOut: false,
      clickedAtMs: 7n,
      failure: 'it was not sent',
      expiresAt: 9n,
    });
  });

  it('keeps neither the user nor the face of a frame that improved their record (P5)', () => {
    const box = { left: 0 };
    const improved = { box, act: 'improve', outcome: 'known', userId: 'm.M-100017', userKind: 'member' };
    const faces = [
      { ...improved, faceId: 'their-face' },
      { ...improved, faceId: 'not-yet-theirs' },
    ];
    const row = { pk: 'FRAME#x', sk: 'FRAME', state: 'done', resultJson: JSON.stringify({ faces }) };
    expect(JSON.parse(String(replaced('Faces', row)['resultJson']))).toEqual({
      faces: [
        { box, act: 'discard', outcome: 'not-retained' },
        { box, act: 'discard', outcome: 'not-retained', faceId: 'not-yet-theirs' },
      ],
    });
  });

  it('keeps a frame with unknown faces, once it is not being processed', () => {
    const box = { left: 0 };
    const faces = [
      {
        box,
        faceId: 'f1',
        act: 'leave',
        outcome: 'known',
        userId: 'm.M-100017',
        userKind: 'member',
        isFirstToday: true,
      },
      { box, faceId: 'f2', act: 'leave', outcome: 'known', userId: 'm.M-2', userKind: 'member' },
    ];
    const anonymised = [{ box, faceId: 'f1', act: 'discard', outcome: 'not-retained' }, faces[1]];
    const frame = { pk: 'FRAME#x', sk: 'FRAME', attempt: 1n };
    const done = { ...frame, state: 'done', resultJson: JSON.stringify({ kind: 'seen', faces }) };
    expect(JSON.parse(String(replaced('Faces', done)['resultJson']))).toEqual({
      kind: 'seen',
      faces: anonymised,
    });
    const plan = JSON.stringify({
      faces,
      pairs: [
        { from: 'v.was', into: 'v.x' },
        { from: 'v.y', into: 'v.x' },
      ],
    });
    const open = { ...frame, state: 'open', planJson: plan };
    expect(JSON.parse(String(replaced('Faces', open)['planJson']))).toEqual({
      faces: anonymised,
      pairs: [{ from: 'v.y', into: 'v.x' }],
    });
    const working = { ...open, state: 'working', startedAtMs: BigInt(NOW_MS - 29_999) };
    expect(actionOf('Faces', working)).toEqual({ kind: 'none' });
    expect(actionOf('Faces', { ...working, startedAtMs: BigInt(NOW_MS - 30_000) }).kind).toBe('replace');
    expect(
      kindsOf(
        'Faces',
        { pk: 'USERS#3', sk: 'm.M-100017' },
        { pk: 'FACE#f', sk: 'FACE', userId: 'v.was' },
        { pk: 'PAIR#m.M-100017#v.x', sk: 'frame' },
        { pk: 'ALIAS#v.x', sk: 'ALIAS', into: 'm.M-100017', state: 'parted' },
        { pk: 'USERS#4', sk: 'v.x', mergedInto: 'm.M-100017' },
      ),
    ).toEqual(['remove', 'remove', 'remove', 'remove', 'none']);
  });

  it('is deleted from visits under every id, and stays where evidence is about to be moved', () => {
    expect(
      kindsOf(
        'Visits',
        { pk: `VISITOR#${VISITOR}`, sk: 'DAY#2026-11-22#STORE#sz01' },
        { pk: 'VISITOR#user.v.other', sk: 'ALIAS#user.v.was' },
        { pk: 'ALIAS#user.v.was', sk: 'ALIAS', into: VISITOR },
        { pk: 'VISITOR#user.v.other', sk: 'DAY#2026-11-22#STORE#sz01', parts: `[["${VISITOR}",{}]]` },
      ),
    ).toEqual(['remove', 'remove', 'remove', 'none']);
  });

  it('keeps a dead letter that can still be counted, without the customer', () => {
    const letter = (event: object) => ({
      pk: 'LETTER',
      sk: '1',
      why: 'exhausted',
      bytes: Buffer.from(JSON.stringify(event)),
    });
    const eventIn = (row: TableRow) => {
      const parsed = parseEvent(row['bytes'] as Uint8Array);
      if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
      return parsed.event;
    };
    const receipt = receiptOf({ phone: '+8613800138000', memberNo: 'M-2' });
    const { phone: _, ...anonymous } = receipt;
    const kept = eventIn(replaced('DeadLetters', letter(receiptClosed(receipt, '/t'))));
    expect(kept).toEqual(eventIn(letter(receiptClosed(anonymous, '/t'))));

    const sighting = sightingOf(VISITOR, [held('door', 0, 1)]);
    const seen = eventIn(replaced('DeadLetters', letter(sightingRecorded(sighting, 'frame/1', '/t'))));
    expect(seen.data).not.toHaveProperty('visitor');
    const after = visitsOf(stayOf(VISITOR, [sighting])).map((visit) =>
      summaryOf(visit, { isClosed: false, isAssisted: false, frequency: 'first' }),
    );
    const revision = visitRevisionEvent({
      ...keyOf(VISITOR),
      kind: 'opened',
      revision: 1,
      before: [],
      after,
    });
    const pseudonym = 'gone.pseudonym37';
    expect(eventIn(replaced('DeadLetters', letter(revision)))).toMatchObject({
      id: `sz01/2026-11-22/${pseudonym}/1`,
      data: { visitor: pseudonym, revision: 1 },
    });
    // The dead letter and the fact of one revision have the same pseudonym.
    const data = JSON.stringify((revision as { data: object }).data);
    const fact = { pk: 'STORE#sz01#DAY#2026-11-22', sk: `VISIT#${VISITOR}#1`, data };
    expect(replaced('Facts', fact).sk).toBe(`VISIT#${pseudonym}#0000000000000001`);

    const merged = visitorsMerged(SZ01.storeId, november(22), 'user.v.x' as VisitorId, VISITOR, '2026', '/t');
    for (const row of [
      letter(merged),
      { pk: 'LETTER', sk: '1', bytes: Buffer.from('{"memberNo":"M-100017') },
      { pk: 'LETTER', sk: '1', bytes: Buffer.from('[]'), reason: 'unreadable: M-100017' },
      { pk: 'LETTER#1', sk: '00', bytes: Buffer.from(JSON.stringify(receiptClosed(receipt, '/t'))) },
    ])
      expect(actionOf('DeadLetters', row)).toEqual({ kind: 'remove' });
  });
});
