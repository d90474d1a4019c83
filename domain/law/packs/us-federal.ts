/** The rules of federal law that every store in the United States has, whatever its state. */
import { COUNTRIES_OF_CONCERN } from '../countries.ts';
import type { Clause } from '../pack.ts';
import { RECALLED, REPORTED, YEAR_DAYS } from './checked.ts';

export const FTC_STATEMENT = {
  source:
    'FTC Policy Statement on Biometric Information and Section 5 of the FTC Act (2023-05-18), not binding',
  url: 'https://www.ftc.gov/legal-library/browse/policy-statement-federal-trade-commission-biometric-information-section-5-federal-trade-commission',
  since: '2023-05-18',
} as const;

const DATA_RULE = {
  source: '28 CFR 202.204 to 202.206, 202.210, 202.301, 202.401 and 202.601',
  url: 'https://www.ecfr.gov/current/title-28/chapter-I/part-202',
  since: '2025-04-08',
} as const;

/** Proofs are kept for as long as an action may be brought, where no law names a number. */
const LIMITATION_DAYS = 5 * YEAR_DAYS;

export const US_FEDERAL: readonly Clause[] = [
  {
    about: 'abroad',
    to: 'anywhere',
    says: 'No federal rule keeps faces in the country, except from countries of concern.',
    ...DATA_RULE,
    ...REPORTED,
  },
  {
    about: 'readers',
    never: COUNTRIES_OF_CONCERN,
    says: 'Access of a country of concern, or of people covered by it, to bulk biometric identifiers or precise positions of people in the United States is prohibited or restricted, and consent is no exception; so no one reads them from there, and no cloud there holds them.',
    ...DATA_RULE,
    ...REPORTED,
  },
  {
    about: 'staffByConsent',
    most: true,
    says: 'No federal rule treats the consent of staff apart.',
    ...FTC_STATEMENT,
    ...RECALLED,
  },
  {
    about: 'proofDays',
    most: LIMITATION_DAYS,
    says: 'The proof of a consent is kept for five years at most, the longest limitation period known here; no federal law names a number.',
    source: 'Tims v. Black Horse Carriers, 2023 IL 127801, for Illinois; none elsewhere',
    ...RECALLED,
  },
  {
    about: 'pushAge',
    from: 13,
    says: 'Below 13 years a parent consents; faceprints count as personal information since the rule of 2025.',
    source: 'COPPA Rule, 16 CFR 312.2 and 312.5; compliance with the amendments by 2026-04-22',
    url: 'https://www.ecfr.gov/current/title-16/chapter-I/subchapter-C/part-312',
    ...REPORTED,
  },
  {
    about: 'refusal',
    ends: 'personalised',
    says: 'To ask for a choice and ignore it is treated as a deceptive practice; state laws give the right to opt out of targeted advertising and profiling.',
    source: 'FTC Act § 5; Tex. Bus. & Com. Code § 541.051(b)(5); C.R.S. 6-1-1306(1)(a)',
    ...RECALLED,
  },
  {
    about: 'pushSender',
    says: 'App pushes are not e-mail under CAN-SPAM, nor calls under the TCPA, so far; a concealed sender is still an unfair or deceptive practice.',
    source: 'FTC Act § 5; 15 U.S.C. 7702(6); 47 U.S.C. 227',
    ...REPORTED,
  },
  {
    about: 'duty',
    says: 'Know who reads: give no account to a person in, or covered by, a country of concern, the head office of a chain included, and keep the records of the diligence.',
    source: '28 CFR 202.211, 202.1001 and 202.1101',
    url: DATA_RULE.url,
    since: '2025-10-06',
    ...REPORTED,
  },
];

/** The duties of a store that keeps a watch-list. */
export const WATCH_LIST_DUTY: Clause = {
  about: 'duty',
  says: 'Before a watch-list is used: check the quality of its pictures, test how often it is wrong and for whom, train staff, let people on it object, end its entries, and act on no match alone. The order binds Rite Aid; the FTC treats the rest of the trade by the same measure.',
  source: 'FTC Act § 5; FTC v. Rite Aid, E.D. Pa. 2:23-cv-05023 (2023-12-19)',
  since: '2023-12-19',
  ...REPORTED,
};
