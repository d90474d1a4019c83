/** Illinois alone: the Biometric Information Privacy Act, with the changes of 2024. */
import type { Pack } from '../pack.ts';
import { READ, REPORTED, YEAR_DAYS } from './checked.ts';
import { US_FEDERAL } from './us-federal.ts';

const BIPA = {
  url: 'https://www.ilga.gov/legislation/ilcs/ilcs3.asp?ActID=3004',
  since: '2008-10-03',
} as const;

export const US_IL: Pack = {
  jurisdiction: 'US-IL',
  name: 'Illinois',
  nameZh: '美国伊利诺伊州',
  countries: ['US'],
  clauses: [
    {
      about: 'face',
      most: 'members',
      says: 'Face geometry may be taken only after the person was informed in writing that it is, why and for how long, and has signed a release; since 2024 an electronic signature will do.',
      source: 'BIPA, 740 ILCS 14/10 and 14/15(b); P.A. 103-0769',
      ...BIPA,
      ...READ,
    },
    {
      about: 'pictures',
      most: 'lane',
      says: 'Cameras that compare faces cover only a lane for people who have signed: the face of any other person there is captured too, if only briefly.',
      source: 'BIPA, 740 ILCS 14/15(b)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'deviceMembers',
      most: true,
      says: 'A member who has signed a release may be matched by a device that the member steps up to.',
      source: 'BIPA, 740 ILCS 14/15(b)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'watchList',
      most: false,
      says: 'People on a watch-list have signed no release, and the law has no exception for the safety of a shop.',
      source: 'BIPA, 740 ILCS 14/15(b)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'watchListDays',
      most: 0,
      says: 'No watch-list may be kept, so no entry of one.',
      source: 'BIPA, 740 ILCS 14/15(b)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'visitorDays',
      most: 0,
      says: 'Faces of people who have signed no release may not be taken, so there is nothing to keep.',
      source: 'BIPA, 740 ILCS 14/15(a) and (b)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'memberDays',
      most: 3 * YEAR_DAYS,
      says: 'A face is destroyed when its purpose is met, or three years after the last interaction, whichever comes first.',
      source: 'BIPA, 740 ILCS 14/15(a)',
      ...BIPA,
      ...READ,
    },
    ...US_FEDERAL,
    {
      about: 'abroad',
      to: [],
      says: 'No disclosure without consent, which a sign cannot show; the law knows no border, and a cloud vendor abroad is one more receiver.',
      source: 'BIPA, 740 ILCS 14/15(d)',
      ...BIPA,
      ...REPORTED,
    },
    {
      about: 'sign',
      says: 'People have to be informed in writing that faces are taken, for which purpose and for how long; a sign alone never suffices.',
      source: 'BIPA, 740 ILCS 14/15(b)(1) and (2)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'duty',
      says: 'Publish how long faces are kept and obey it: until their purpose is met, and three years after the last interaction at most.',
      source: 'BIPA, 740 ILCS 14/15(a)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'duty',
      says: 'Name the cloud vendor, Amazon Web Services, in the release; profit from no face, and store faces with reasonable care.',
      source: 'BIPA, 740 ILCS 14/15(c), (d) and (e)',
      ...BIPA,
      ...READ,
    },
    {
      about: 'duty',
      says: 'Repeated scans of one person by one method are one violation; each still costs $1,000, or $5,000 where it was reckless.',
      source: 'BIPA, 740 ILCS 14/20(a) to (c); P.A. 103-0769',
      url: BIPA.url,
      since: '2024-08-02',
      ...READ,
    },
  ],
};
