/** Reads records of the event stream: every type and every version of an event that was ever published. */
import * as v from 'valibot';
import { ConflictSettledV1 } from './conflict-settled.ts';
import { PASSAGE_RECORDED, PassageRecordedV1 } from './passage-recorded.ts';
import { RECEIPT_CLOSED, ReceiptClosedV1, ReceiptClosedV2 } from './receipt-closed.ts';
import { RecountRequestedV1 } from './recount-requested.ts';
import { SensorReportedV1 } from './sensor-reported.ts';
import { SightingRecordedV1, SightingRecordedV2, SightingRecordedV3 } from './sighting-recorded.ts';
import {
  VISIT_CLOSED,
  VISIT_OPENED,
  VisitClosedV1,
  VisitClosedV2,
  VisitOpenedV1,
  VisitOpenedV2,
} from './visit-revised.ts';
import { VisitorsMergedV1, VisitorsPartedV1 } from './visitor-merged.ts';

/** Every event that the stream may carry, oldest versions included. */
export const StoreEvent = v.variant('dataschema', [
  ReceiptClosedV1,
  ReceiptClosedV2,
  RecountRequestedV1,
  ConflictSettledV1,
  SensorReportedV1,
  SightingRecordedV1,
  SightingRecordedV2,
  SightingRecordedV3,
  PassageRecordedV1,
  VisitOpenedV1,
  VisitClosedV1,
  VisitOpenedV2,
  VisitClosedV2,
  VisitorsMergedV1,
  VisitorsPartedV1,
]);
export type StoreEvent = v.InferOutput<typeof StoreEvent>;

/** The wire form of an event: texts and whole numbers only, so that equal events are equal texts. */
export type WireEvent = v.InferInput<typeof StoreEvent>;

/** The types of events that are facts: each is claimed once under its id, and cells are counted from them. */
const FACTS = [RECEIPT_CLOSED, VISIT_OPENED, VISIT_CLOSED, PASSAGE_RECORDED] as const;
export type FactEvent = Extract<StoreEvent, { type: (typeof FACTS)[number] }>;

/** Reports whether cells are counted from an event. */
export const isFact = (event: StoreEvent): event is FactEvent =>
  (FACTS as readonly string[]).includes(event.type);

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: StoreEvent }
  | { readonly kind: 'unreadable'; readonly reason: string };

const ISSUES_MAX = 5;

/** Parses one record of the stream. Never throws: a record that is no known event is `unreadable`, with the reason. */
export function parseEvent(bytes: Uint8Array): ParsedEvent {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { kind: 'unreadable', reason: `not JSON in UTF-8: ${(error as Error).message}` };
  }
  const parsed = v.safeParse(StoreEvent, json);
  if (parsed.success) return { kind: 'event', event: parsed.output };
  const issues = parsed.issues.slice(0, ISSUES_MAX);
  return {
    kind: 'unreadable',
    reason: issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`).join('; '),
  };
}
