import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, StoreEvent } from '#contracts/events/parse-event.ts';
import {
  RECEIPT_CLOSED,
  receiptClosed,
  receiptData,
  receiptName,
  receiptOf,
} from '#contracts/events/receipt-closed.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import { receipt } from '../../support/arbitraries.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { receiptOf as exampleOf } from '../../support/receipts.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const bytesOf = (event: unknown): Uint8Array => Buffer.from(JSON.stringify(event));

const closed = (event: unknown) => {
  const parsed = parseEvent(bytesOf(event));
  if (parsed.kind === 'unreadable' || parsed.event.type !== RECEIPT_CLOSED) throw new Error('no receipt');
  return parsed.event;
};
const reasonOf = (bytes: Uint8Array): string => {
  const parsed = parseEvent(bytes);
  if (parsed.kind === 'event') throw new Error('it was readable');
  return parsed.reason;
};

describe('the event of a receipt', () => {
  it('holds a receipt whole, to the millisecond and the ten-thousandth', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const event = closed(receiptClosed(one, '/stores/sz01/devices/d1'));
        expect(receiptOf(event.data)).toEqual(one);
        expect(event.id).toBe(receiptName(one));
      }),
    );
  });

  it('is the same text for the same receipt, also after a round trip', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const text = JSON.stringify(receiptData(one));
        expect(JSON.stringify(receiptData(receiptOf(closed(receiptClosed(one, 's')).data)))).toBe(text);
      }),
    );
  });

  it('has an id that no other receipt has', () => {
    fc.assert(
      fc.property(receipt, receipt, (one, other) => {
        const nameOf = ({ tillId, receiptNo }: typeof one) => JSON.stringify([tillId, receiptNo]);
        expect(receiptName(one) === receiptName(other)).toBe(nameOf(one) === nameOf(other));
      }),
    );
    expect(receiptName(exampleOf({ tillId: 'a/b' as never, receiptNo: 'c' as never }))).not.toBe(
      receiptName(exampleOf({ tillId: 'a' as never, receiptNo: 'b/c' as never })),
    );
  });
});

describe('the request of a recount', () => {
  it('names the store and its business day', () => {
    const wire = recountRequested(SZ01.storeId, november(22), 'recount/1', '2026-11-22T02:03:12Z', '/tools');
    expect(parseEvent(bytesOf(wire))).toMatchObject({
      kind: 'event',
      event: { data: { store: 'sz01', businessDay: '2026-11-22' } },
    });
  });
});

describe('the set of fixtures', () => {
  const files = readdirSync(FIXTURES);

  it('covers every version that was ever defined', () => {
    const versions = StoreEvent.options.map(
      ({ entries }) =>
        `${entries.dataschema.literal.replace('urn:aisle:schema:', '').replace(/:(\d+)$/, '.$1')}.json`,
    );
    expect(files.sort()).toEqual(versions.sort());
  });

  it.each(files)('parses: %s', (file) => {
    const events: unknown[] = JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      const parsed = parseEvent(bytesOf(event));
      expect(parsed).toMatchObject({ kind: 'event' });
      if (parsed.kind === 'unreadable' || parsed.event.type !== RECEIPT_CLOSED) continue;
      // A round trip yields the same event, so facts that were claimed with it stay duplicates.
      const { data, source } = event as { data: unknown; source: string };
      expect(receiptData(receiptOf(parsed.event.data))).toEqual(data);
      expect(receiptClosed(receiptOf(parsed.event.data), source)).toEqual(event);
    }
  });
});

describe('parseEvent', () => {
  const sound = receiptClosed(exampleOf(), 's');

  it.each([
    ['nothing', new Uint8Array(), /not JSON/],
    ['a text', Buffer.from('hello'), /not JSON/],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
    ['half an event', bytesOf(sound).subarray(0, 40), /not JSON/],
    ['null', Buffer.from('null'), /./],
    ['a list', Buffer.from('[]'), /./],
    [
      'a version that was never defined',
      bytesOf({ ...sound, dataschema: 'urn:aisle:schema:receipt.closed:9' }),
      /dataschema/,
    ],
    ['an event without its data', bytesOf({ ...sound, data: undefined }), /data/],
    ['an event of another type than its schema', bytesOf({ ...sound, type: 'aisle.receipt.opened' }), /type/],
  ])('reports why bytes are unreadable: %s', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toMatch(reason);
  });

  it.each([
    ['businessDay', '2026-02-30'],
    ['closedAt', '2026-11-22T10:00:00'],
    ['closedAt', '2026-11-22T10:00:00Z'],
    ['closedAt', '2026-13-22T10:00:00+08:00'],
    ['discount', 5],
    ['discount', '1.23456'],
    ['till', ''],
    ['lines', [{ product: 'a', quantity: 1.5, unitPrice: '1.00' }]],
    ['lines', {}],
  ])('names the invalid field: %s %j', (name, value) => {
    expect(reasonOf(bytesOf({ ...sound, data: { ...sound.data, [name]: value } }))).toMatch(
      new RegExp(`data\\.${name}`),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        expect(parseEvent(bytes).kind).toBe('unreadable');
      }),
    );
  });
});
