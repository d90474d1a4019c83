/** Portland, Oregon: face recognition by private entities in places of public accommodation is banned. */
import type { Pack } from '../pack.ts';
import { READ } from './checked.ts';
import { US_FEDERAL } from './us-federal.ts';

const BAN = {
  says: 'Private entities use no face recognition in places of public accommodation, a shop among them, whether or not the person consents; excepted are legal duties, unlocking one’s own device and social media. It costs $1,000 a day, and people may sue.',
  source: 'Portland City Code 34.10.030 to 34.10.050',
  url: 'https://www.portland.gov/code/34/all',
  since: '2021-01-01',
  ...READ,
} as const;

export const US_OR_PDX: Pack = {
  jurisdiction: 'US-OR-PDX',
  name: 'Portland, Oregon',
  nameZh: '美国俄勒冈州波特兰市',
  countries: ['US'],
  clauses: [
    { about: 'face', most: 'off', ...BAN },
    { about: 'pictures', most: 'none', ...BAN },
    { about: 'deviceMembers', most: false, ...BAN },
    { about: 'watchList', most: false, ...BAN },
    { about: 'watchListDays', most: 0, ...BAN },
    { about: 'visitorDays', most: 0, ...BAN },
    { about: 'memberDays', most: 0, ...BAN },
    ...US_FEDERAL,
    { about: 'staffByConsent', most: false, ...BAN },
    { about: 'sign', ...BAN },
  ],
};
