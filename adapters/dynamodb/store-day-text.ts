/** A store and a day as one text, so that sets of them sort by day. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { SeenOn } from '#domain/people/faces/face-user.ts';

export const seenText = ({ storeId, day }: SeenOn): string => `${day} ${storeId}`;
export const toSeen = (text: string): SeenOn => ({
  day: text.slice(0, 10) as BusinessDay,
  storeId: text.slice(11) as StoreId,
});
