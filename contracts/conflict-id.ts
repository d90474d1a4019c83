/** The id of a conflict in commands and URLs: its parts as one word. */
import { parseBusinessDay } from '#domain/chain/business-day.ts';
import { isForeignId, isPlaceId, type ReceiptNo, type StoreId, type TillId } from '#domain/chain/ids.ts';
import type { ConflictId } from './events/conflict-settled.ts';

const BODY_ID = /^[0-9a-f]{16}$/;

/** Returns an id as one word of letters, digits, dashes and underscores. */
export const formatConflictId = ({ storeId, day, tillId, receiptNo, bodyId }: ConflictId): string =>
  toWord([storeId, day, tillId, receiptNo, bodyId].join('#'));

/** Parses the word of an id; undefined for any other text. */
export function parseConflictId(word: string): ConflictId | undefined {
  const [storeId, dayText = '', tillId, receiptNo, bodyId = '', ...rest] = fromWord(word).split('#');
  const day = parseBusinessDay(dayText);
  if (storeId === undefined || !isPlaceId(storeId) || day === undefined || rest.length > 0) return undefined;
  if (tillId === undefined || !isForeignId(tillId) || receiptNo === undefined || !isForeignId(receiptNo)) {
    return undefined;
  }
  if (!BODY_ID.test(bodyId)) return undefined;
  const ids = { storeId: storeId as StoreId, tillId: tillId as TillId, receiptNo: receiptNo as ReceiptNo };
  return { ...ids, day, bodyId };
}

const toWord = (text: string): string => Buffer.from(text).toString('base64url');

/** Any other text becomes one that is no id. */
const fromWord = (word: string): string => Buffer.from(word, 'base64url').toString();
