/** Texas: consent before the capture, since 2026-01-01 with an exception for security, and a year of retention. */
import type { Pack } from '../pack.ts';
import { READ, REPORTED, YEAR_DAYS } from './checked.ts';
import { US_FEDERAL, WATCH_LIST_DUTY } from './us-federal.ts';

const CODE = { url: 'https://statutes.capitol.texas.gov/Docs/BC/htm/BC.503.htm' } as const;
/** The day on which HB 149 (TRAIGA) came into force. */
const SECURITY_EXCEPTION_SINCE = '2026-01-01';

export const US_TX: Pack = {
  jurisdiction: 'US-TX',
  name: 'Texas',
  nameZh: '美国得克萨斯州',
  countries: ['US'],
  clauses: [
    {
      about: 'face',
      most: 'members',
      says: 'A biometric identifier may be captured for a commercial purpose only after the person was informed and consented; a public photograph is no consent.',
      source: 'Tex. Bus. & Com. Code § 503.001(b) and (b-1)',
      ...CODE,
      ...READ,
    },
    {
      about: 'pictures',
      most: 'lane',
      says: 'The faces of strangers in a picture would be captured without consent; so only a lane for people who have consented is looked at.',
      source: 'Tex. Bus. & Com. Code § 503.001(b)',
      ...CODE,
      ...READ,
    },
    {
      about: 'deviceMembers',
      most: true,
      says: 'A member who was informed and consented may be matched by a device that the member steps up to.',
      source: 'Tex. Bus. & Com. Code § 503.001(b)',
      ...CODE,
      ...READ,
    },
    {
      about: 'watchList',
      most: false,
      says: 'People on a watch-list have not consented, and the section had no exception for security.',
      source: 'Tex. Bus. & Com. Code § 503.001(b)',
      ...CODE,
      until: SECURITY_EXCEPTION_SINCE,
      ...READ,
    },
    {
      about: 'watchList',
      most: true,
      says: 'The section does not apply to systems that prevent, detect or answer theft, fraud, harassment and other illegal acts, or find who committed them.',
      source: 'Tex. Bus. & Com. Code § 503.001(e)(3), added by HB 149',
      ...CODE,
      since: SECURITY_EXCEPTION_SINCE,
      ...REPORTED,
    },
    {
      about: 'watchListDays',
      most: YEAR_DAYS,
      says: 'An entry of a watch-list ends one year after it was made.',
      source: 'Tex. Bus. & Com. Code § 503.001(c)(3), by analogy',
      ...CODE,
      ...READ,
    },
    {
      about: 'visitorDays',
      most: 0,
      says: 'Faces of people who have not consented may not be captured, so there is nothing to keep.',
      source: 'Tex. Bus. & Com. Code § 503.001(b)',
      ...CODE,
      ...READ,
    },
    {
      about: 'memberDays',
      most: YEAR_DAYS,
      says: 'A biometric identifier is destroyed within a reasonable time, and at most one year after its purpose ends; the purpose is taken to end with the last visit.',
      source: 'Tex. Bus. & Com. Code § 503.001(c)(3)',
      ...CODE,
      ...READ,
    },
    ...US_FEDERAL,
    {
      about: 'sign',
      says: 'People have to be informed before their face is captured.',
      source: 'Tex. Bus. & Com. Code § 503.001(b)(1)',
      ...CODE,
      ...READ,
    },
    WATCH_LIST_DUTY,
    {
      about: 'duty',
      says: 'Never sell, lease or disclose faces beyond the few cases of the section, and store them with reasonable care.',
      source: 'Tex. Bus. & Com. Code § 503.001(c)(1) and (2)',
      ...CODE,
      ...READ,
    },
  ],
};
