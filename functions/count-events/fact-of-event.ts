/**
 * The fact of an event: the name under which it is claimed for ever, the data that is stored, and the cells it adds to. The
 * stored data suffice to recount the day, and the name's prefix says how to parse them.
 */
import * as v from 'valibot';
import { RECEIPT_FACT_KINDS, receiptFactsOf } from '#application/figures/receipt-facts.ts';
import type { StoredFact } from '#application/ports/fact-store.ts';
import type { FactEvent } from '#contracts/events/parse-event.ts';
import { PASSAGE_RECORDED, PassageRecordedV1 } from '#contracts/events/passage-recorded.ts';
import { RECEIPT_CLOSED, receiptData, receiptOf } from '#contracts/events/receipt-closed.ts';
import { VISIT_CLOSED, VISIT_OPENED, VisitOpenedV2 } from '#contracts/events/visit-revised.ts';
import { count } from '#contracts/primitives.ts';
import { type BusinessDay, formatLocalTime, type LocalTime } from '#domain/chain/business-day.ts';
import { cellsOfBody, standingBodies } from '#domain/place/figures/conflict.ts';
import { factName } from '#domain/place/figures/fact-key.ts';
import type { CellAddition, LoggedAdditions } from '#domain/place/figures/fold.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';
import { cellsOf } from '#domain/place/figures/receipt-cells.ts';
import {
  cellsOfPassage,
  cellsOfPassageConflict,
  cellsOfRevision,
  type RevisedDay,
} from '#domain/place/figures/visit-cells.ts';
import type { Passage } from '#domain/place/visits/sighting.ts';

export interface FactOfEvent {
  readonly day: BusinessDay;
  /** The name within its store's day. */
  readonly name: string;
  /** The kind of the fact, for messages. */
  readonly what: string;
  /** The event's data as JSON; equal for equal facts. */
  readonly data: string;
  readonly cells: () => CellAddition[];
  /** The receipt, for facts that are receipts. */
  readonly receipt?: Receipt;
  /** The count of a door, where it is one. */
  readonly passage?: Passage;
}

const dataOf = {
  revision: VisitOpenedV2.pipe[0].entries.data,
  passage: PassageRecordedV1.pipe[0].entries.data,
  /** As it is stored: with the shorter count from the same time that it replaces. */
  storedPassage: v.object({
    ...PassageRecordedV1.pipe[0].entries.data.entries,
    replaced: v.exactOptional(v.object({ entered: count, left: count })),
  }),
};
type Data = { readonly [kind in keyof typeof dataOf]: v.InferOutput<(typeof dataOf)[kind]> };

/** Returns the fact that an event claims. */
export function factOf(event: FactEvent): FactOfEvent {
  const day = event.data.businessDay;
  switch (event.type) {
    case RECEIPT_CLOSED: {
      const receipt = receiptOf(event.data);
      return {
        day,
        what: 'receipt',
        name: factName.receipt(receipt.tillId, receipt.receiptNo),
        data: JSON.stringify(receiptData(receipt)),
        cells: () => cellsOf(receipt),
        receipt,
      };
    }
    case VISIT_OPENED:
    case VISIT_CLOSED: {
      const { visitor, revision } = event.data;
      return {
        day,
        what: 'visit revision',
        name: factName.visit(visitor, revision),
        data: wireText(event.data),
        cells: () => cellsOfRevision(revisionIn(event.data)),
      };
    }
    case PASSAGE_RECORDED: {
      const passage = passageIn(event.data);
      return {
        day,
        what: 'door count',
        name: factName.passage(passage.sensorId, passage.startedAt.instantMs),
        data: wireText(event.data),
        cells: () => cellsOfPassage(passage),
        passage,
      };
    }
  }
}

/** Returns the fact of a count that replaces a shorter one from the same time: it adds the difference. */
export const replacingPassage = (fact: FactOfEvent, replaced: PassageCounts): FactOfEvent => {
  const data = JSON.stringify({ ...JSON.parse(fact.data), replaced });
  const endedAtMs = fact.passage?.endedAtMs ?? 0;
  return {
    ...fact,
    name: `${fact.name}#${new Date(endedAtMs).toISOString()}`,
    data,
    cells: () => cellsOfStoredPassage(v.parse(dataOf.storedPassage, JSON.parse(data))),
  };
};

/** Returns the fact of a count that is not counted, because it contradicts others: it marks the day. */
export const conflictOfPassage = (fact: FactOfEvent): FactOfEvent => {
  const { passage } = fact;
  if (passage === undefined) throw new Error(`${fact.name} is not a count of a door`);
  const { sensorId, startedAt, endedAtMs, entered, left } = passage;
  const parts = [sensorId, new Date(startedAt.instantMs).toISOString(), endedAtMs, entered, left];
  return {
    ...fact,
    name: `PASSAGE-CONFLICT#${parts.join('#')}`,
    cells: () => cellsOfPassageConflict(passage),
  };
};

type PassageCounts = Pick<Passage, 'entered' | 'left'>;

/** Returns the count of a door that a stored fact holds. */
export const passageOfStoredFact = ({ data }: { readonly data: string }): Passage =>
  passageIn(v.parse(dataOf.passage, JSON.parse(data)));

function cellsOfStoredPassage({
  replaced,
  ...data
}: v.InferOutput<typeof dataOf.storedPassage>): CellAddition[] {
  return cellsOfPassage(passageIn(data), replaced);
}

/**
 * Returns what the stored facts of a day add to the cells, in log order. Of several receipts under one number only those
 * count that their settlements leave.
 */
export function additionsOfDay(facts: readonly StoredFact[]): LoggedAdditions[] {
  const bodies = standingBodies(receiptFactsOf(facts)).map((body) => ({
    cells: cellsOfBody(body),
    sequence: body.sequence,
    arrivedAtMs: body.arrivedAtMs,
  }));
  const sensed = facts.flatMap((fact) => {
    const cells = cellsOfSensedFact(fact);
    return cells === undefined ? [] : [{ cells, sequence: fact.sequence, arrivedAtMs: fact.arrivedAtMs }];
  });
  return [...bodies, ...sensed].sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
}

/** Returns what a visit revision or a door's count adds; undefined for a fact of receipts. */
function cellsOfSensedFact({ name, data }: StoredFact): CellAddition[] | undefined {
  const json: unknown = JSON.parse(data);
  const kind = name.slice(0, name.indexOf('#'));
  switch (kind) {
    case 'VISIT':
      return cellsOfRevision(revisionIn(v.parse(dataOf.revision, json)));
    case 'PASSAGE':
      return cellsOfStoredPassage(v.parse(dataOf.storedPassage, json));
    case 'PASSAGE-CONFLICT':
      return cellsOfPassageConflict(passageIn(v.parse(dataOf.passage, json)));
    default:
      if ((RECEIPT_FACT_KINDS as readonly string[]).includes(kind)) return undefined;
      throw new Error(`unknown kind of fact: ${name}`);
  }
}

function revisionIn({ store, businessDay, before, after }: Data['revision']): RevisedDay {
  const visits = (summaries: typeof before) =>
    summaries.map(({ zones, ...visit }) => ({
      ...visit,
      zones: zones.map(({ zone, ...times }) => ({ zoneId: zone, ...times })),
    }));
  return { storeId: store, day: businessDay, before: visits(before), after: visits(after) };
}

function passageIn({ store, sensor, businessDay, ...counted }: Data['passage']): Passage {
  return { storeId: store, sensorId: sensor, day: businessDay, ...counted };
}

/** Returns the data as JSON; the schema has removed unknown fields and fixed the order of the rest. */
const wireText = (data: Data['revision'] | Data['passage']): string =>
  JSON.stringify(data, (_, value: unknown) => (isLocalTime(value) ? formatLocalTime(value) : value));

const isLocalTime = (value: unknown): value is LocalTime =>
  typeof value === 'object' && value !== null && 'instantMs' in value;
