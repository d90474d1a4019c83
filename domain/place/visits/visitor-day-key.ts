/** The key under which a visitor day is stored. */
import type { VisitorDayKey } from './visitor-day.ts';

/** Returns the key of a visitor day's row. */
export const rowKey = ({ visitorId, storeId, day }: VisitorDayKey): { pk: string; sk: string } => ({
  pk: `VISITOR#${visitorId}`,
  sk: `DAY#${day}#STORE#${storeId}`,
});
