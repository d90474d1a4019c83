/** Maryland: off until counsel has answered whether a greeting by face is strictly necessary. */
import type { Pack } from '../pack.ts';
import { READ, RECALLED, REPORTED } from './checked.ts';
import { US_FEDERAL } from './us-federal.ts';

const ACT = {
  url: 'https://mgaleg.maryland.gov/mgawebsite/Laws/StatuteText?article=gcl&section=14-4607',
  since: '2025-10-01',
} as const;

/** 1,750 feet. */
const FENCE_M = 534;
const ADULT_AGE = 18;

const NECESSARY = {
  says: 'Biometric data may be collected only where it is strictly necessary for what the customer asked for, and consent is not the test; a greeting by face is hard to call necessary, so faces stay off until counsel says otherwise.',
  source: 'Md. Com. Law § 14-4607(a)(1)',
  ...ACT,
  ...READ,
} as const;

export const US_MD: Pack = {
  jurisdiction: 'US-MD',
  name: 'Maryland',
  nameZh: '美国马里兰州',
  countries: ['US'],
  clauses: [
    { about: 'face', most: 'off', ...NECESSARY },
    { about: 'pictures', most: 'none', ...NECESSARY },
    { about: 'deviceMembers', most: false, ...NECESSARY },
    { about: 'watchList', most: false, ...NECESSARY },
    { about: 'watchListDays', most: 0, ...NECESSARY },
    { about: 'visitorDays', most: 0, ...NECESSARY },
    { about: 'memberDays', most: 0, ...NECESSARY },
    ...US_FEDERAL,
    { about: 'staffByConsent', most: false, ...NECESSARY },
    {
      about: 'sign',
      says: 'Customers have to be informed of the sensitive data that is collected and why.',
      source: 'Md. Com. Law § 14-4607',
      ...ACT,
      ...RECALLED,
    },
    {
      about: 'pushAge',
      from: ADULT_AGE,
      says: 'No targeted advertising to a person known to be under 18, and no sale of their data.',
      source: 'Md. Com. Law § 14-4607(a)(4) and (5)',
      ...ACT,
      ...READ,
    },
    {
      about: 'healthFence',
      metres: FENCE_M,
      says: 'No geofence within 1,750 feet of a mental, reproductive or sexual health facility to track people, collect data or send messages.',
      source: 'Md. Com. Law § 14-4604',
      url: ACT.url,
      since: '2025-10-01',
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'The act is in force since 2025-10-01 and reaches processing from 2026-04-01 on; this pack obeys it from the first day.',
      source: 'Maryland Online Data Privacy Act of 2024, Ch. 455 (SB 541)',
      url: ACT.url,
      since: '2026-04-01',
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Never sell sensitive data.',
      source: 'Md. Com. Law § 14-4607(a)(2)',
      ...ACT,
      ...READ,
    },
  ],
};
