/** When the packs were last compared with public text, and how sure each comparison is. */
const CHECKED_ON = '2026-12-01';

export const READ = { checkedOn: CHECKED_ON, sure: 'A' } as const;
export const REPORTED = { checkedOn: CHECKED_ON, sure: 'B' } as const;
export const RECALLED = { checkedOn: CHECKED_ON, sure: 'C' } as const;

export const YEAR_DAYS = 365;
