/**
 * What the law lets a shop do with faces, as data: for each jurisdiction the most that may be permitted, the reason, and
 * its source.
 *
 * A pack is the careful reading. Where a question is open, or states of one country differ, it permits what the strictest
 * of the states that it covers permits, and names those for which even that is too much. It is no legal advice: a sign, a
 * consent form and an impact assessment are for the store's own counsel.
 */
import type { FaceMode, Jurisdiction } from '../chain/law-settings.ts';

/** A rule in one sentence, with its source. */
export interface Rule {
  readonly says: string;
  /** The article or section. */
  readonly source: string;
}

export interface Pack {
  readonly name: string;
  /** The most that a store may do with the faces of its visitors. */
  readonly face: FaceMode;
  /** Why not more; absent where everything is permitted. */
  readonly faceLimit?: Rule;
  /** Why no watch-list may be kept; absent where one may. */
  readonly noWatchList?: Rule;
  /** Days for which a visitor without consent may be kept at most; 0 where none may be kept. */
  readonly visitorRetentionDaysMax: number;
  readonly retentionLimit: Rule;
  /** Whether faces may leave the country of the store. */
  readonly crossBorder: boolean;
  /** Why nothing is permitted without a sign. */
  readonly sign: Rule;
  /** Duties of the store that no setting here can check. */
  readonly duties: readonly Rule[];
}

const CN: Pack = {
  name: 'China',
  face: 'members',
  faceLimit: {
    says: 'Faces taken in a public place may serve nothing but public safety, unless the person has given separate consent; so only consenting members may be recognised.',
    source:
      'PIPL art. 26 and 29; Measures on the Application of Facial Recognition Technology (2025) art. 6 and 13',
  },
  noWatchList: {
    says: "A shop's own list of people is not shown to be necessary for public safety, and those on it have not consented.",
    source:
      'PIPL art. 26 and 28; Measures on the Application of Facial Recognition Technology (2025) art. 13',
  },
  visitorRetentionDaysMax: 0,
  retentionLimit: {
    says: 'A face may be kept no longer than its purpose needs, and a person who has not consented serves no purpose.',
    source: 'PIPL art. 19; Measures on the Application of Facial Recognition Technology (2025) art. 8',
  },
  // PIPL art. 38 to 40 would allow it after an assessment or a standard contract, which no setting here can show.
  crossBorder: false,
  sign: {
    says: 'Cameras that identify people in a public place need a conspicuous sign.',
    source: 'PIPL art. 26; Measures on the Application of Facial Recognition Technology (2025) art. 13',
  },
  duties: [
    {
      says: "Members agree to the use of their face separately from everything else, and are served as well without it; below 14 years a parent's consent is needed.",
      source: 'PIPL art. 29 and 31; Measures art. 6, 7 and 10',
    },
    {
      says: 'Assess the impact before it begins, and keep the assessment.',
      source: 'PIPL art. 55 and 56; Measures art. 9',
    },
    {
      says: 'Faces stay in the device that takes them unless the member separately agreed to their being sent.',
      source: 'Measures art. 8',
    },
    {
      says: 'File with the provincial cyberspace authority within 30 working days of holding 100,000 faces, counted over the whole chain.',
      source: 'Measures art. 15',
    },
  ],
};

const EU: Pack = {
  name: 'European Union',
  face: 'members',
  faceLimit: {
    says: 'A face used to identify a person is biometric data, which a shop may process with explicit consent only.',
    source: 'GDPR art. 6, art. 9(1) and 9(2)(a); EDPB Guidelines 3/2019, section 5',
  },
  noWatchList: {
    says: 'To find the few people on a list, the face of every visitor would be compared without consent, and no law gives a shop that right.',
    source: 'GDPR art. 9(2)(a) and (g) and art. 10; AEPD decision PS/00120/2021 (Mercadona)',
  },
  visitorRetentionDaysMax: 0,
  retentionLimit: {
    says: 'Data is kept no longer than its purpose needs, and a person who has not consented serves no purpose.',
    source: 'GDPR art. 5(1)(e) and art. 9(1)',
  },
  // GDPR chapter V would allow it with an adequacy decision or safeguards, which no setting here can show.
  crossBorder: false,
  sign: {
    says: 'People have to be informed before they are filmed, by whom and for which purpose.',
    source: 'GDPR art. 12 and 13; EDPB Guidelines 3/2019, section 7',
  },
  duties: [
    {
      says: 'Cameras that compare faces cover only a lane or a counter for people who have agreed: the face of any other person there is compared too, if only briefly.',
      source: 'GDPR art. 9; EDPB Guidelines 3/2019, section 5.1',
    },
    {
      says: 'Assess the impact before it begins.',
      source: 'GDPR art. 35(3)',
    },
    {
      says: 'Never infer emotions of staff, nor race, belief or orientation of any person (nothing here does). Identification at a distance is listed as high-risk.',
      source: 'EU AI Act art. 5(1)(f) and (g); annex III(1)(a)',
    },
  ],
};

const US: Pack = {
  name: 'United States, but Illinois and places with stricter laws of their own',
  face: 'members',
  faceLimit: {
    says: 'A growing number of states require consent before a face is used to identify a person, so only consenting members may be recognised.',
    source: 'Tex. Bus. & Com. Code § 503.001(b); Va. Code § 59.1-578(A)(5)',
  },
  visitorRetentionDaysMax: 0,
  retentionLimit: {
    says: 'Visitors who have not agreed are not kept, so there is nothing to keep for any number of days.',
    source: 'Tex. Bus. & Com. Code § 503.001(b); Cal. Civ. Code § 1798.100(c)',
  },
  crossBorder: true,
  sign: {
    says: 'Customers have to be informed at the entrance that their faces are used; to do so in secret is an unfair practice.',
    source: 'NYC Admin. Code § 22-1202(a); Cal. Civ. Code § 1798.100(a); FTC v. Rite Aid (2023)',
  },
  duties: [
    {
      says: 'In Illinois use the pack US-IL. In Texas, too: consent comes before the capture, and the law names no exception for a watch-list. In Portland, Oregon, leave faces off.',
      source: '740 ILCS 14/15(b); Tex. Bus. & Com. Code § 503.001(b); Portland City Code 34.10.030',
    },
    {
      says: 'Before a watch-list is used: test how often it is wrong and for whom, train staff, let people on it object, and act on no match alone.',
      source: 'FTC Act § 5; FTC v. Rite Aid (2023)',
    },
    {
      says: 'Never sell or share faces for anything of value.',
      source: 'NYC Admin. Code § 22-1202(b)',
    },
  ],
};

const US_IL: Pack = {
  name: 'Illinois, and states that ask for consent before a face is taken',
  face: 'members',
  faceLimit: {
    says: 'Face geometry may be taken only after the person was informed in writing and has signed a release.',
    source: 'BIPA, 740 ILCS 14/15(b)',
  },
  noWatchList: {
    says: 'People on a watch-list have signed no release, and the law has no exception for the safety of a shop.',
    source: 'BIPA, 740 ILCS 14/15(b)',
  },
  visitorRetentionDaysMax: 0,
  retentionLimit: {
    says: 'Faces of people who have signed no release may not be taken, so there is nothing to keep.',
    source: 'BIPA, 740 ILCS 14/15(a) and (b)',
  },
  // Disclosure needs consent, which a sign cannot show.
  crossBorder: false,
  sign: {
    says: 'People have to be informed in writing that faces are taken, for which purpose and for how long.',
    source: 'BIPA, 740 ILCS 14/15(b)(1) and (2)',
  },
  duties: [
    {
      says: 'Cameras that compare faces cover only a lane or a counter for people who have signed: the face of any other person there is captured too, if only briefly.',
      source: 'BIPA, 740 ILCS 14/15(b)',
    },
    {
      says: "Publish how long faces are kept: until their purpose is fulfilled, and three years after the member's last visit at most.",
      source: 'BIPA, 740 ILCS 14/15(a)',
    },
  ],
};

/** A year covers every demonstration; longer would be production use. */
const DEMO_RETENTION_DAYS_MAX = 365;

const DEMO: Pack = {
  name: 'Demonstration',
  face: 'visitors',
  visitorRetentionDaysMax: DEMO_RETENTION_DAYS_MAX,
  retentionLimit: {
    says: `A demonstration keeps its visitors for ${DEMO_RETENTION_DAYS_MAX} days at most.`,
    source: "the demonstration pack's own rule",
  },
  crossBorder: true,
  sign: {
    says: 'Even a demonstration needs a sign, so that no real store is set up without one.',
    source: "the demonstration pack's own rule",
  },
  duties: [
    {
      says: 'For photographs and for people who are informed of the demonstration. No shop that is open to the public may use it.',
      source: "the demonstration pack's own rule",
    },
  ],
};

export const PACKS: Readonly<Record<Jurisdiction, Pack>> = { CN, EU, US, 'US-IL': US_IL, demo: DEMO };
