/** The key under which a fact is stored: its store, its business day, and the name that its producer gave it. */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { StoreId } from '../../chain/ids.ts';

/** Wide enough for every revision, so that a visitor's revisions sort in their order. */
const REVISION_DIGITS = 16;

/** Returns the key of a fact's row. */
export const factKey = (storeId: StoreId, day: BusinessDay, name: string): { pk: string; sk: string } => ({
  pk: `STORE#${storeId}#DAY#${day}`,
  sk: name,
});

/** What facts are called within their store's day. */
export const factName = {
  receipt: (tillId: string, receiptNo: string): string => `RECEIPT#${tillId}#${receiptNo}`,
  visit: (visitor: string, revision: number): string =>
    `VISIT#${visitor}#${String(revision).padStart(REVISION_DIGITS, '0')}`,
  passage: (sensor: string, fromMs: number): string => `PASSAGE#${sensor}#${new Date(fromMs).toISOString()}`,
};

/** Returns the data of a fact without some of its fields; equal for facts that differ only in these. */
export function dataWithout(data: string, fields: readonly string[]): string {
  const left = Object.entries(JSON.parse(data) as object).filter(([field]) => !fields.includes(field));
  return JSON.stringify(Object.fromEntries(left));
}
