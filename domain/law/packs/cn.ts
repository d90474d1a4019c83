/**
 * China. Devices that identify people may be installed in public places for public safety alone, so no picture of a floor is
 * looked at in the cloud. Faces mean a point that a member steps up to, matched on the device, which reports the member
 * number.
 */
import type { Pack } from '../pack.ts';
import { READ, RECALLED, REPORTED, YEAR_DAYS } from './checked.ts';

const PIPL = {
  url: 'http://en.npc.gov.cn.cdurl.cn/2021-12/29/c_694559_2.htm',
  since: '2021-11-01',
} as const;

/** Order no. 19 of the CAC and the MPS, of 2025-03-13. */
const MEASURES_NAME =
  'Measures for the Security Management of the Application of Facial Recognition Technology (CAC and MPS Order No. 19)';
const MEASURES = { url: 'https://csrcare.com/Law/LawShowEn?id=234349', since: '2025-06-01' } as const;
const VIDEO_NAME =
  'Regulations on Public Safety Video and Image Information Systems (State Council Decree No. 799)';
const VIDEO = { since: '2025-04-01' } as const;

export const CN: Pack = {
  jurisdiction: 'CN',
  name: 'China',
  nameZh: '中国',
  countries: ['CN'],
  clauses: [
    {
      about: 'face',
      most: 'members',
      says: 'A face serves another purpose than public safety only with separate consent, a specific purpose and sufficient need; so only consenting members may be recognised.',
      source: 'PIPL art. 13, 26, 28 and 29',
      ...PIPL,
      ...READ,
    },
    {
      about: 'face',
      most: 'members',
      says: 'A face is used on the basis of voluntary, explicit and separate consent that can be withdrawn, for a purpose that needs it and with the least impact.',
      source: `${MEASURES_NAME} art. 4 and 6`,
      ...MEASURES,
      ...REPORTED,
    },
    {
      about: 'pictures',
      most: 'none',
      says: 'Devices that identify people may be installed in a public place where public safety needs them, and the consent of some does not cover the others in the picture; so no picture of a floor is looked at.',
      source: 'PIPL art. 26',
      ...PIPL,
      ...READ,
    },
    {
      about: 'pictures',
      most: 'none',
      says: 'Face recognition devices in public places serve public safety alone, within a reasonably chosen area; and faces stay in the device that takes them, so a picture is not sent.',
      source: `${MEASURES_NAME} art. 8 and 13`,
      ...MEASURES,
      ...REPORTED,
    },
    {
      about: 'deviceMembers',
      most: true,
      says: 'A member who separately agreed may be matched by the device at a point that the member steps up to; the device reports the member number and sends no picture.',
      source: `PIPL art. 29; ${MEASURES_NAME} art. 6 and 8`,
      ...PIPL,
      ...REPORTED,
    },
    {
      about: 'watchList',
      most: false,
      says: "A shop's own list of people is not shown to be necessary for public safety, and the people on it have not consented; no legitimate interest takes the place of consent.",
      source: 'PIPL art. 13, 26 and 28',
      ...PIPL,
      ...READ,
    },
    {
      about: 'watchList',
      most: false,
      says: 'Verifying, identifying or analysing faces in business premises against the rules infringes personality rights.',
      source: 'Supreme People’s Court, Fa Shi [2021] 15, art. 2',
      url: 'https://cni.top/html/2021/legal_0823/71213.html',
      since: '2021-08-01',
      ...REPORTED,
    },
    {
      about: 'watchListDays',
      most: 0,
      says: 'No watch-list may be kept, so no entry of one.',
      source: 'PIPL art. 26 and 47',
      ...PIPL,
      ...REPORTED,
    },
    {
      about: 'visitorDays',
      most: 0,
      says: 'A face is kept for the shortest time that its purpose needs, and a person who has not consented serves no purpose.',
      source: `PIPL art. 19; ${MEASURES_NAME} art. 8`,
      ...PIPL,
      ...READ,
    },
    {
      about: 'memberDays',
      most: 3 * YEAR_DAYS,
      isSettingRequired: true,
      says: 'The store decides how long a face is kept and says so; it is deleted unasked when the purpose is met, the period is over or consent is withdrawn.',
      source: `PIPL art. 17, 19, 30 and 47; ${MEASURES_NAME} art. 5`,
      ...PIPL,
      ...REPORTED,
    },
    {
      about: 'proofDays',
      most: 3 * YEAR_DAYS,
      says: 'Impact assessments and records of the processing are kept for three years at least; the proof of a consent is kept for as long and no longer.',
      source: 'PIPL art. 56',
      url: 'https://personalinformationprotectionlaw.com/PIPL/article-56/',
      since: '2021-11-01',
      ...READ,
    },
    {
      about: 'abroad',
      to: [],
      says: 'A face leaves China only after a security assessment, certification or a standard contract, with notice and separate consent, which no setting here can show.',
      source:
        'PIPL art. 38 to 40; CAC Provisions on Promoting and Regulating Cross-Border Data Flows (2024-03-22)',
      ...PIPL,
      ...REPORTED,
    },
    {
      about: 'staffByConsent',
      most: true,
      says: 'Staff are recognised with separate consent, and a face is not the only way where another reaches the same end.',
      source: `PIPL art. 13 and 29; ${MEASURES_NAME} art. 10`,
      ...PIPL,
      ...REPORTED,
    },
    {
      about: 'sign',
      says: 'Devices that identify people in a public place need a conspicuous sign.',
      source: `PIPL art. 26; ${MEASURES_NAME} art. 13`,
      ...PIPL,
      ...READ,
    },
    {
      about: 'pushAge',
      from: 14,
      says: 'Data of children below 14 is sensitive and needs the consent of a parent and rules of its own; whereabouts are sensitive at any age.',
      source: 'PIPL art. 28, 29 and 31',
      ...PIPL,
      ...READ,
    },
    {
      about: 'refusal',
      ends: 'personalised',
      says: 'Marketing by automated decision comes with an option that does not target the person, or an easy way to refuse.',
      source: 'PIPL art. 24',
      url: 'https://personalinformationprotectionlaw.com/PIPL/article-24/',
      since: '2021-11-01',
      ...READ,
    },
    {
      about: 'pushSender',
      says: 'An advertisement by electronic message needs consent or a request, and shows its true sender, contact data and a way to refuse.',
      source: 'Advertising Law of the PRC art. 43',
      url: 'https://www.etogether.net/htm/policy/20181207/6651_9.html',
      since: '2015-09-01',
      ...READ,
    },
    {
      about: 'duty',
      says: "Members agree to the use of their face separately from everything else and are served as well without it, by another way that is reasonable and convenient; below 14 years a parent's consent is needed.",
      source: `PIPL art. 29 and 31; ${MEASURES_NAME} art. 6, 7 and 10`,
      ...MEASURES,
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Do not mislead or press a person into it under the pretext of service quality.',
      source: `${MEASURES_NAME} art. 12`,
      ...MEASURES,
      ...RECALLED,
    },
    {
      about: 'duty',
      says: 'The sign names the handler and its contact, purpose, manner and period, why it is necessary and what it does to the person, and how to use one’s rights.',
      source: `PIPL art. 17 and 30; ${MEASURES_NAME} art. 5`,
      ...MEASURES,
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Assess the impact before it begins, and keep the assessment and the records of the processing for three years at least.',
      source: `PIPL art. 55 and 56; ${MEASURES_NAME} art. 9`,
      ...PIPL,
      ...READ,
    },
    {
      about: 'duty',
      says: 'File with the provincial cyberspace authority within 30 working days of holding the faces of 100,000 people; by its guidance, which is not the article, a chain may file as one.',
      source: `${MEASURES_NAME} art. 15; CAC notice of 2025-05-28`,
      ...MEASURES,
      ...READ,
    },
    {
      about: 'duty',
      says: 'Cameras in public places are run for public safety by the one who runs or guards the place, never in fitting rooms, toilets or hotel rooms; their pictures are deleted once period and purpose are over.',
      source: VIDEO_NAME,
      ...VIDEO,
      ...REPORTED,
    },
    {
      about: 'duty',
      says: 'Give no unreasonably different price to one person by automated decision.',
      source: 'PIPL art. 24',
      ...PIPL,
      ...READ,
    },
  ],
};
