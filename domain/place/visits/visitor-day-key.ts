/** The key under which a visitor day is stored. */
import type { VisitorDayKey } from './visitor-day.ts';

export const rowKey = ({ visitorId, storeId, day }: VisitorDayKey): { pk: string; sk: string } => ({
  pk: `VISITOR#${visitorId}`,
  sk: `DAY#${day}#STORE#${storeId}`,
});
