/** The United States without the states and cities that have a pack of their own. */
import type { Pack } from '../pack.ts';
import { READ, RECALLED, REPORTED, YEAR_DAYS } from './checked.ts';
import { FTC_STATEMENT, US_FEDERAL, WATCH_LIST_DUTY } from './us-federal.ts';

/** 2,000 feet. */
const WASHINGTON_FENCE_M = 610;

export const US: Pack = {
  jurisdiction: 'US',
  name: 'United States, except Colorado, Illinois, Maryland, Texas and Portland, Oregon',
  nameZh: '美国（科罗拉多、伊利诺伊、马里兰、得克萨斯及波特兰除外）',
  countries: ['US'],
  clauses: [
    {
      about: 'face',
      most: 'members',
      says: 'No federal law decides it, and a growing number of states require consent before a face is used to identify a person; so only consenting members may be recognised.',
      source: 'Tex. Bus. & Com. Code § 503.001(b); C.R.S. 6-1-1314(4); Md. Com. Law § 14-4607(a)(1)',
      ...REPORTED,
    },
    {
      about: 'pictures',
      most: 'lane',
      says: 'The faces of strangers in a picture would be taken without the consent that a growing number of states require; so only a lane for people who have agreed is looked at.',
      source: 'Tex. Bus. & Com. Code § 503.001(b); C.R.S. 6-1-1314(4)',
      ...REPORTED,
    },
    {
      about: 'deviceMembers',
      most: true,
      says: 'A member who agreed may be matched by a device that the member steps up to.',
      ...FTC_STATEMENT,
      ...RECALLED,
    },
    {
      about: 'watchList',
      most: true,
      says: 'Nothing federal forbids a watch-list, with the duties below.',
      ...FTC_STATEMENT,
      ...REPORTED,
    },
    {
      about: 'watchListDays',
      most: YEAR_DAYS,
      says: 'An entry of a watch-list ends; no law names a number, one year is the most that is set here.',
      source: 'FTC v. Rite Aid, E.D. Pa. 2:23-cv-05023 (2023-12-19)',
      ...REPORTED,
    },
    {
      about: 'visitorDays',
      most: 0,
      says: 'Visitors who have not agreed are not kept, so there is nothing to keep for any number of days.',
      source: 'Cal. Civ. Code § 1798.100(a)(3) and (c)',
      ...RECALLED,
    },
    {
      about: 'memberDays',
      most: 3 * YEAR_DAYS,
      says: 'Customers are informed how long a face is kept, and it is kept in proportion to the purpose; three years are the most that is set here.',
      source: 'Cal. Civ. Code § 1798.100(a)(3) and (c)',
      ...RECALLED,
    },
    ...US_FEDERAL,
    {
      about: 'sign',
      says: 'Customers have to be informed at every entrance that their faces are used; the FTC treats secret use as an unfair practice.',
      source:
        'NYC Admin. Code § 22-1202(a); Cal. Civ. Code § 1798.100(a); FTC Policy Statement on Biometric Information (2023-05-18)',
      ...REPORTED,
    },
    {
      about: 'healthFence',
      metres: WASHINGTON_FENCE_M,
      says: 'No geofence of 2,000 feet or less may be drawn round a place of in-person health services to track people, collect health data or send messages about it; health services reach as far as the sale of medicine.',
      source: 'RCW 19.373.080 (Washington)',
      url: 'https://app.leg.wa.gov/RCW/default.aspx?cite=19.373.080',
      since: '2023-07-23',
      ...REPORTED,
    },
    WATCH_LIST_DUTY,
    {
      about: 'duty',
      says: 'Never sell or share faces for anything of value.',
      source: 'NYC Admin. Code § 22-1202(b)',
      since: '2021-07-09',
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'In California assess the risk before sensitive data is processed; running uses by 2027-12-31.',
      source: 'CPPA regulations on risk assessments (California)',
      since: '2026-01-01',
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'In California, rules on automated decisions apply.',
      source: 'CPPA regulations on automated decision-making technology (California)',
      since: '2027-01-01',
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Colorado, Illinois, Maryland, Texas and Portland, Oregon, have packs of their own: use them.',
      source:
        'C.R.S. 6-1-1314; 740 ILCS 14; Md. Com. Law § 14-4607; Tex. Bus. & Com. Code § 503.001; Portland City Code 34.10',
      ...READ,
    },
  ],
};
