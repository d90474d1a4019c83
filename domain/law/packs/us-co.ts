/** Colorado: consent and a written policy for biometric identifiers, whatever the size of the store. */
import type { Pack } from '../pack.ts';
import { RECALLED, REPORTED } from './checked.ts';
import { US_FEDERAL } from './us-federal.ts';

const ACT = { url: 'https://leg.colorado.gov/bills/hb24-1130', since: '2025-07-01' } as const;

/** 24 months. */
const RETENTION_DAYS_MAX = 730;

export const US_CO: Pack = {
  jurisdiction: 'US-CO',
  name: 'Colorado',
  nameZh: '美国科罗拉多州',
  countries: ['US'],
  clauses: [
    {
      about: 'face',
      most: 'members',
      says: 'A biometric identifier may be collected only after notice and with consent, by a controller of any size.',
      source: 'C.R.S. 6-1-1314(4)(a), added by HB24-1130',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'pictures',
      most: 'lane',
      says: 'The faces of strangers in a picture would be collected without consent; so only a lane for people who have consented is looked at.',
      source: 'C.R.S. 6-1-1314(4)(a)',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'deviceMembers',
      most: true,
      says: 'A member who consented may be matched by a device that the member steps up to.',
      source: 'C.R.S. 6-1-1314(4)(a)',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'watchList',
      most: false,
      says: 'Consent comes before the collection; whether the general exemption for the prevention of crime reaches it could not be confirmed, so none is kept until counsel says so.',
      source: 'C.R.S. 6-1-1314(4)(a) and 6-1-1304(3)(a)',
      ...ACT,
      ...RECALLED,
    },
    {
      about: 'watchListDays',
      most: 0,
      says: 'No watch-list may be kept, so no entry of one.',
      source: 'C.R.S. 6-1-1314(4)(a)',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'visitorDays',
      most: 0,
      says: 'Faces of people who have not consented may not be collected, so there is nothing to keep.',
      source: 'C.R.S. 6-1-1314(4)(a)',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'memberDays',
      most: RETENTION_DAYS_MAX,
      says: 'A biometric identifier is deleted when the purpose is met, 24 months after the last interaction, or when it is no longer needed, whichever comes first.',
      source: 'C.R.S. 6-1-1314, added by HB24-1130',
      ...ACT,
      ...REPORTED,
    },
    ...US_FEDERAL,
    {
      about: 'staffByConsent',
      most: false,
      says: 'An employer may ask staff for the consent to few purposes, such as access to secure places and hours of work; for any other it has to be free of every pressure, which no setting here can show.',
      source: 'C.R.S. 6-1-1314, added by HB24-1130',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'sign',
      says: 'People have to be informed clearly before a biometric identifier is collected, why, for how long and to whom it is disclosed.',
      source: 'C.R.S. 6-1-1314(4)(a)',
      ...ACT,
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Adopt and publish a written policy with a retention schedule and a plan for incidents, review once a year whether faces are still needed, and refuse no service to a person who does not consent.',
      source: 'C.R.S. 6-1-1314, added by HB24-1130',
      ...ACT,
      ...REPORTED,
    },
  ],
};
