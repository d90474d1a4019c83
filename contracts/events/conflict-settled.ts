/** An operator decided which of several bodies under one receipt number count. The day is counted again from its facts. */
import * as v from 'valibot';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { ReceiptNo, StoreId, TillId } from '#domain/chain/ids.ts';
import { CHOICES, type Choice } from '#domain/place/figures/conflict.ts';
import { businessDay, idText } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const CONFLICT_SETTLED = 'aisle.conflict.settled';

export const ConflictSettledV1 = defineEvent(
  'conflict.settled',
  1,
  v.object({
    store: idText<StoreId>(),
    businessDay: businessDay(),
    till: idText<TillId>(),
    receiptNo: idText<ReceiptNo>(),
    /** The body that the decision is about. */
    body: idText(),
    choice: v.picklist(CHOICES),
    /** Who decided: the staff member, or the command. */
    by: v.string(),
  }),
);

export type ConflictSettled = v.InferOutput<typeof ConflictSettledV1>['data'];

/** A body in conflict, as routes and commands name it. */
export interface ConflictId {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly tillId: TillId;
  readonly receiptNo: ReceiptNo;
  readonly bodyId: string;
}

/** Returns the event of a decision; `time` is RFC 3339. */
export const conflictSettled = (
  { storeId, day, tillId, receiptNo, bodyId }: ConflictId,
  choice: Choice,
  { by, time, source }: { readonly by: string; readonly time: string; readonly source: string },
): v.InferInput<typeof ConflictSettledV1> =>
  wireEvent(
    ConflictSettledV1,
    { id: eventName(storeId, day, tillId, receiptNo, bodyId, choice), source, time, subject: storeId },
    { store: storeId, businessDay: day, till: tillId, receiptNo, body: bodyId, choice, by },
  );

const Settled = ConflictSettledV1.pipe[0].entries.data;

/**
 * Returns the decision that stored data hold.
 *
 * @throws where the data are of no version of the event
 */
export const choiceOfData = (json: unknown): Choice => v.parse(Settled, json).choice;
